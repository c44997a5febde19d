import type { ConsoleStore } from './console-store.ts';
import type { Verb } from './verb.ts';

export interface StandardVerbServices {
  readonly store: ConsoleStore;
  refresh(): void;
  newWindow(): void;
  chooseColumns(): Promise<void>;
  exportList(): Promise<void>;
  help(): void;
}

/** The verbs that every node has besides its own: View, Export List, Refresh, Help. */
export function standardVerbs(services: StandardVerbServices, hasList: boolean): readonly Verb[] {
  const state = services.store.getState();
  const verbs: Verb[] = [
    {
      id: 'view.tree',
      label: 'Console Tree',
      icon: 'tree',
      slot: 'view',
      accessKey: 't',
      checked: state.treeShown,
      run: () => state.arrange({ treeShown: !state.treeShown }),
    },
    {
      id: 'view.actions',
      label: 'Actions Pane',
      icon: 'panes',
      slot: 'view',
      accessKey: 'a',
      checked: state.actionsShown,
      run: () => state.arrange({ actionsShown: !state.actionsShown }),
    },
  ];
  if (hasList) {
    verbs.push({
      id: 'view.columns',
      label: 'Add/Remove Columns...',
      icon: 'columns',
      slot: 'view',
      accessKey: 'c',
      run: services.chooseColumns,
    });
  }
  verbs.push({
    id: 'view.window',
    label: 'New Window from Here',
    slot: 'view',
    accessKey: 'w',
    run: services.newWindow,
  });
  verbs.push({
    id: 'refresh',
    label: 'Refresh',
    icon: 'refresh',
    slot: 'edit',
    accessKey: 'f',
    shortcut: 'F5',
    run: services.refresh,
  });
  if (hasList) {
    verbs.push({
      id: 'export',
      label: 'Export List...',
      icon: 'export',
      slot: 'edit',
      accessKey: 'x',
      run: services.exportList,
    });
  }
  verbs.push({
    id: 'help',
    label: 'Help',
    icon: 'help',
    slot: 'help',
    accessKey: 'h',
    shortcut: 'F1',
    run: services.help,
  });
  return verbs;
}
