import type { ConsoleServices } from './console-context.ts';
import type { ConsoleState } from './console-store.ts';
import { focusPane } from './focus-pane.ts';
import { navigationVerbs } from './navigation-verbs.ts';
import type { Verb } from './verb.ts';

export interface GeneralVerbsOptions {
  readonly services: ConsoleServices;
  readonly state: ConsoleState;
  /** Everything else that can be done now: what the palette and the list of keys offer. */
  readonly verbs: readonly Verb[];
}

export interface GeneralVerbs {
  readonly navigation: readonly Verb[];
  /** For the View menu. */
  readonly view: readonly Verb[];
  readonly keys: Verb;
  readonly all: readonly Verb[];
}

/** The verbs that the console has whatever is selected: moving about, the palette, the filter and the panes. */
export function useGeneralVerbs({ services, state, verbs }: GeneralVerbsOptions): GeneralVerbs {
  const navigation = navigationVerbs(state);
  const palette: Verb = {
    id: 'palette',
    label: 'Command Palette...',
    slot: 'view',
    shortcut: 'Ctrl+Shift+P',
    accessKey: 'm',
    run: async () => {
      const { CommandPalette } = await import('./CommandPalette.tsx');
      const entries = [...verbs, ...navigation]
        .filter(({ disabled }) => disabled === undefined)
        .map((verb) => ({
          id: verb.id,
          label: verb.label,
          place: verb.shortcut ?? '',
          run: () => services.perform(verb),
        }));
      services.openDialog((close) => (
        <CommandPalette entries={[...entries, ...drawnNodes(state)]} onClose={close} />
      ));
    },
  };
  const find: Verb = {
    id: 'find',
    label: 'Find',
    slot: 'view',
    shortcut: 'Ctrl+F',
    accessKey: 'n',
    run: () =>
      document.querySelector<HTMLElement>('[data-quick-filter] input, input[data-quick-filter]')?.focus(),
  };
  const turn = (label: string, by: number, shortcut: string): Verb => ({
    id: `pane${by}`,
    label,
    slot: 'view',
    shortcut,
    run: () => focusPane(by),
  });
  const panes = [turn('Next Pane', 1, 'F6'), turn('Previous Pane', -1, 'Shift+F6')];
  const keys: Verb = {
    id: 'keys',
    label: 'Keyboard Shortcuts',
    slot: 'help',
    accessKey: 'k',
    run: async () => {
      const { KeysDialog } = await import('./KeysDialog.tsx');
      services.openDialog((close) => (
        <KeysDialog verbs={[...verbs, ...navigation, palette, find, ...panes]} onClose={close} />
      ));
    },
  };
  return {
    navigation,
    view: [...navigation, find, palette],
    keys,
    all: [...navigation, palette, find, ...panes, keys],
  };
}

/** The nodes that the tree shows now; the palette goes to them by name. */
function drawnNodes(state: ConsoleState) {
  return [...document.querySelectorAll<HTMLElement>('[role=treeitem][data-path]')].map((item) => ({
    id: `node ${item.dataset['path']}`,
    label: item.title,
    place: 'Go to',
    run: () => state.reveal(item.dataset['path'] ?? state.root),
  }));
}
