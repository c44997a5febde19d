import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { type KeyboardEvent, memo, type PointerEvent } from 'react';

import type { Column } from './column.ts';
import { type ListLayout, moveColumn, narrowestColumn, nextSort } from './list-layout.ts';
import { useColumnDrag } from './use-column-drag.ts';

export const headerHeight = 26;
/** One press of an arrow key on a divider. */
const step = 10;

const useStyles = makeStyles({
  header: {
    display: 'flex',
    position: 'sticky',
    top: 0,
    zIndex: 1,
    height: `${headerHeight}px`,
    minWidth: 'max-content',
    backgroundColor: tokens.colorNeutralBackground2,
    borderBottom: `1px solid ${tokens.colorNeutralStroke1}`,
  },
  cell: { position: 'relative', flexShrink: 0, display: 'flex' },
  dragged: { backgroundColor: tokens.colorNeutralBackground1Selected, opacity: 0.7 },
  mark: {
    position: 'absolute',
    top: 0,
    bottom: 0,
    width: '3px',
    marginLeft: '-2px',
    backgroundColor: tokens.colorBrandStroke1,
    zIndex: 2,
    pointerEvents: 'none',
    '@media (forced-colors: active)': { backgroundColor: 'Highlight' },
  },
  button: {
    flexGrow: 1,
    display: 'flex',
    alignItems: 'center',
    gap: '4px',
    minWidth: 0,
    padding: '0 8px',
    border: 'none',
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    textAlign: 'left',
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  number: { justifyContent: 'flex-end' },
  title: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  divider: {
    position: 'absolute',
    right: '-4px',
    top: 0,
    bottom: 0,
    width: '8px',
    cursor: 'col-resize',
    zIndex: 1,
    touchAction: 'none',
    '::after': {
      content: '""',
      position: 'absolute',
      left: '3px',
      top: '5px',
      bottom: '5px',
      width: '1px',
      backgroundColor: tokens.colorNeutralStroke1,
    },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  // Beyond the last column it would make the list wider than it is.
  last: { right: 0 },
});

export interface ListHeaderProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly layout: ListLayout;
  /** Of each column as it is drawn, pixels. */
  readonly widths: readonly number[];
  onLayout(layout: ListLayout): void;
}

/** The headings: sort by click or Enter, reorder by dragging one, resize by its divider or with the arrow keys on it. */
export const ListHeader = memo(function ListHeader(props: ListHeaderProps<unknown>) {
  const { columns, layout, widths, onLayout } = props;
  const styles = useStyles();
  const resize = (id: string, width: number): void =>
    onLayout({ ...layout, widths: { ...layout.widths, [id]: Math.max(narrowestColumn, Math.round(width)) } });
  const drag = useColumnDrag((id, place) => onLayout(moveColumn(layout, columns, id, place)));
  const edge = (place: number): number => widths.slice(0, place).reduce((left, width) => left + width, 0);

  return (
    <div ref={drag.row} role="row" aria-rowindex={1} className={styles.header}>
      {columns.map((column, index) => {
        const width = widths[index] ?? column.width;
        const sorted = layout.sort?.column === column.id ? layout.sort : undefined;
        return (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={index + 1}
            aria-sort={sorted === undefined ? 'none' : sorted.descending ? 'descending' : 'ascending'}
            className={mergeClasses(styles.cell, drag.at?.id === column.id && styles.dragged)}
            style={{ width }}
          >
            <button
              type="button"
              className={mergeClasses(styles.button, column.kind === 'number' && styles.number)}
              onPointerDown={index === 0 ? undefined : (event) => drag.begin(column.id, event)}
              onClick={() => {
                // The click that ends a drag sorts nothing.
                if (!drag.justEnded()) onLayout(nextSort(layout, column.id));
              }}
            >
              <span className={styles.title}>{column.title}</span>
              {sorted === undefined ? null : <span aria-hidden>{sorted.descending ? '▾' : '▴'}</span>}
            </button>
            <hr
              tabIndex={0}
              aria-orientation="vertical"
              aria-label={`Width of ${column.title}`}
              aria-valuenow={width}
              aria-valuemin={narrowestColumn}
              aria-valuemax={2000}
              style={{ margin: 0, border: 'none' }}
              className={mergeClasses(styles.divider, index === columns.length - 1 && styles.last)}
              onPointerDown={(event: PointerEvent<HTMLHRElement>) => {
                event.preventDefault();
                const divider = event.currentTarget;
                const start = event.clientX;
                divider.setPointerCapture(event.pointerId);
                const move = (to: globalThis.PointerEvent): void =>
                  resize(column.id, width + to.clientX - start);
                divider.addEventListener('pointermove', move);
                divider.addEventListener(
                  'lostpointercapture',
                  () => divider.removeEventListener('pointermove', move),
                  {
                    once: true,
                  },
                );
              }}
              onDoubleClick={() => resize(column.id, column.width)}
              onKeyDown={(event: KeyboardEvent) => {
                if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
                event.preventDefault();
                event.stopPropagation();
                resize(column.id, width + (event.key === 'ArrowRight' ? step : -step));
              }}
            />
          </div>
        );
      })}
      {drag.at === undefined ? null : (
        <span aria-hidden className={styles.mark} style={{ left: edge(drag.at.place) }} />
      )}
    </div>
  );
});
