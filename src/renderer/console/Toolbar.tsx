import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { type KeyboardEvent, useRef } from 'react';

import { Icon } from '#ui/Icon.tsx';

import { useConsole } from './console-context.ts';
import type { Verb } from './verb.ts';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '1px',
    padding: '2px 6px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  button: {
    display: 'grid',
    placeItems: 'center',
    width: '28px',
    height: '26px',
    padding: 0,
    border: '1px solid transparent',
    borderRadius: tokens.borderRadiusMedium,
    background: 'none',
    color: tokens.colorNeutralForeground1,
    ':hover:enabled': {
      backgroundColor: tokens.colorSubtleBackgroundHover,
      border: `1px solid ${tokens.colorNeutralStroke1}`,
    },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
    ':disabled': { opacity: 0.35 },
  },
  pressed: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
  },
  divider: { width: '1px', height: '18px', margin: '0 4px', backgroundColor: tokens.colorNeutralStroke2 },
});

export interface ToolbarProps {
  /** Groups with dividers between them; verbs without an icon are left out. */
  readonly groups: readonly (readonly Verb[])[];
}

/** The verbs that have an icon: one Tab stop, arrow keys between the buttons. */
export function Toolbar({ groups }: ToolbarProps) {
  const styles = useStyles();
  const { perform } = useConsole();
  const bar = useRef<HTMLDivElement>(null);
  const shown = groups
    .map((group) => group.filter(({ icon }) => icon !== undefined))
    .filter((group) => group.length > 0);
  const stop = shown.flat().find(({ disabled }) => disabled === undefined)?.id;

  const onKeyDown = (event: KeyboardEvent): void => {
    const buttons = [...(bar.current?.querySelectorAll<HTMLElement>('button:enabled') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const to = new Map([
      ['ArrowRight', (at + 1) % buttons.length],
      ['ArrowLeft', (at - 1 + buttons.length) % buttons.length],
      ['Home', 0],
      ['End', buttons.length - 1],
    ]).get(event.key);
    if (to === undefined || event.altKey) return;
    event.preventDefault();
    buttons[to]?.focus();
  };

  return (
    <div ref={bar} role="toolbar" aria-label="Toolbar" className={styles.bar} onKeyDown={onKeyDown}>
      {shown.map((group, index) => (
        <div key={group[0]?.id} style={{ display: 'contents' }}>
          {index === 0 ? null : <span className={styles.divider} />}
          {group.map((verb) => {
            const name = verb.label.replace(/\.\.\.$/, '');
            const words = verb.shortcut === undefined ? name : `${name} (${verb.shortcut})`;
            return (
              <button
                key={verb.id}
                type="button"
                aria-label={name}
                aria-pressed={verb.checked}
                title={verb.disabled === undefined ? words : `${words}: ${verb.disabled}`}
                tabIndex={verb.id === stop ? 0 : -1}
                disabled={verb.disabled !== undefined}
                className={mergeClasses(styles.button, verb.checked && styles.pressed)}
                onClick={() => perform(verb)}
              >
                {verb.icon === undefined ? null : <Icon name={verb.icon} />}
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
}
