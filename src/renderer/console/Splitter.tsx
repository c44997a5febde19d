import { makeStyles, tokens } from '@fluentui/react-components';
import type { KeyboardEvent, PointerEvent } from 'react';

const step = 16;

const useStyles = makeStyles({
  splitter: {
    width: '5px',
    flexShrink: 0,
    margin: 0,
    border: 'none',
    cursor: 'col-resize',
    touchAction: 'none',
    backgroundColor: tokens.colorNeutralBackground3,
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
    ':hover': { backgroundColor: tokens.colorNeutralBackground5 },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
});

export interface SplitterProps {
  readonly label: string;
  /** Width of the pane that the splitter sizes, pixels. */
  readonly width: number;
  readonly min: number;
  readonly max: number;
  /** Whether that pane lies to the left or to the right. */
  readonly side: 'left' | 'right';
  onResize(width: number): void;
  /** Enter hides the pane. */
  onCollapse(): void;
}

/** A divider between two panes, moved by dragging or with the arrow keys. */
export function Splitter({ label, width, min, max, side, onResize, onCollapse }: SplitterProps) {
  const styles = useStyles();
  const sign = side === 'left' ? 1 : -1;
  const resize = (to: number): void => onResize(Math.min(max, Math.max(min, Math.round(to))));
  return (
    <hr
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      className={styles.splitter}
      onPointerDown={(event: PointerEvent<HTMLHRElement>) => {
        event.preventDefault();
        const splitter = event.currentTarget;
        const start = event.clientX;
        splitter.setPointerCapture(event.pointerId);
        const move = (to: globalThis.PointerEvent): void => resize(width + sign * (to.clientX - start));
        splitter.addEventListener('pointermove', move);
        splitter.addEventListener(
          'lostpointercapture',
          () => splitter.removeEventListener('pointermove', move),
          {
            once: true,
          },
        );
      }}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === 'ArrowLeft') resize(width - sign * step);
        else if (event.key === 'ArrowRight') resize(width + sign * step);
        else if (event.key === 'Enter') onCollapse();
        else return;
        event.preventDefault();
      }}
    />
  );
}
