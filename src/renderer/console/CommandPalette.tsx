import { makeStyles, tokens } from '@fluentui/react-components';
import { type KeyboardEvent, useId, useState } from 'react';

import { ConsoleDialog } from './ConsoleDialog.tsx';

export interface PaletteEntry {
  readonly id: string;
  readonly label: string;
  /** Where the command lives: a node's or a row's name. */
  readonly place: string;
  run(): void;
}

const longest = 12;

const useStyles = makeStyles({
  box: {
    padding: '6px 8px',
    font: 'inherit',
    color: 'inherit',
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
  },
  entries: { minHeight: '200px' },
  entry: {
    display: 'flex',
    justifyContent: 'space-between',
    gap: '16px',
    padding: '4px 8px',
    cursor: 'default',
  },
  current: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    '@media (forced-colors: active)': {
      backgroundColor: 'Highlight',
      color: 'HighlightText',
      forcedColorAdjust: 'none',
    },
  },
  place: { color: tokens.colorNeutralForeground3 },
});

export interface CommandPaletteProps {
  readonly entries: readonly PaletteEntry[];
  onClose(): void;
}

/** Every command and node by a few letters of its name. */
export function CommandPalette({ entries, onClose }: CommandPaletteProps) {
  const styles = useStyles();
  const list = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = entries
    .filter(({ label, place }) => {
      const haystack = `${label} ${place}`.toLocaleLowerCase();
      return words.every((word) => haystack.includes(word));
    })
    .slice(0, longest);
  const run = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else return;
    event.preventDefault();
  };
  return (
    <ConsoleDialog title="Command Palette" onClose={onClose} onSubmit={() => run(found[at])} buttons={null}>
      <input
        className={styles.box}
        role="combobox"
        aria-label="Command"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found.length === 0 ? undefined : `${list}${at}`}
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: the box is what the dialog is for
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={list} role="listbox" aria-label="Commands" className={styles.entries}>
        {found.map((entry, index) => (
          <div
            key={entry.id}
            id={`${list}${index}`}
            role="option"
            aria-selected={index === at}
            className={index === at ? `${styles.entry} ${styles.current}` : styles.entry}
            onClick={() => run(entry)}
          >
            <span>{entry.label}</span>
            <span className={styles.place}>{entry.place}</span>
          </div>
        ))}
      </div>
      {found.length === 0 ? <span role="status">No command has these words</span> : null}
    </ConsoleDialog>
  );
}
