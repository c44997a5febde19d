import { Button, makeStyles, tokens } from '@fluentui/react-components';

import { ConsoleDialog } from './ConsoleDialog.tsx';
import type { Verb } from './verb.ts';

const useStyles = makeStyles({
  table: { display: 'block', maxHeight: '60vh', overflow: 'auto', borderSpacing: '0 2px' },
  key: { width: '170px', textAlign: 'left', fontWeight: tokens.fontWeightRegular, verticalAlign: 'top' },
});

/** Keys of the panes and dialogs themselves, which are no verbs. */
const fixed: readonly (readonly [string, string])[] = [
  ['Arrow keys, Home, End', 'Move in the tree, the list, menus and toolbar'],
  ['Page Up, Page Down', 'One screen of the list'],
  ['Letters', 'Go to the next entry that begins with them'],
  ['Right, Left', 'Open or close a node'],
  ['Keypad *', 'Open everything below a node'],
  ['Enter', 'The default command, printed bold in menus'],
  ['Shift+F10', 'Context menu'],
  ['Ctrl+A', 'Select all'],
  ['Shift+arrow, Ctrl+Space', 'Extend the selection, add or take a row'],
  ['Ctrl+C', 'Copy the selected rows with their headings'],
  ['Ctrl+Tab', 'Next page of a property sheet'],
  ['Alt+A', 'Apply in a property sheet'],
  ['Alt+N, Alt+B', 'Next and Back in a wizard'],
  ['Esc', 'Close a menu, Cancel in a dialog'],
];

const spoken = (key: string): string =>
  key
    .replace('ArrowLeft', 'Left')
    .replace('ArrowRight', 'Right')
    .replace('ArrowUp', 'Up')
    .replace('Delete', 'Del');

/** The keyboard map: the verbs at hand with their keys, and the keys of the console itself. */
export function KeysDialog({ verbs, onClose }: { readonly verbs: readonly Verb[]; onClose(): void }) {
  const styles = useStyles();
  const own = verbs.flatMap(({ shortcut, label }) =>
    shortcut === undefined ? [] : [[spoken(shortcut), label.replace(/\.\.\.$/, '')] as const],
  );
  const rows = [...new Map([...own, ...fixed])];
  return (
    <ConsoleDialog
      title="Keyboard Shortcuts"
      onClose={onClose}
      buttons={
        <Button size="small" appearance="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must reach that */}
      <table className={styles.table} tabIndex={0} aria-label="Keys">
        <tbody>
          {rows.map(([key, meaning]) => (
            <tr key={key}>
              <th scope="row" className={styles.key}>
                {key}
              </th>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ConsoleDialog>
  );
}
