import type { ConsoleServices } from '#console/console-context.ts';
import type { ConsoleStore } from '#console/console-store.ts';
import type { Verb } from '#console/verb.ts';
import { openConnectDialog } from '#nodes/root/open-connect-dialog.tsx';
import { type ConsoleFileText, findConsoleHost } from '#state/console-host.ts';
import type { Session } from '#state/session.ts';

import { downloadText, pickTextFile } from './text-files.ts';

export interface FileVerbsParts {
  readonly session: Session;
  readonly store: ConsoleStore;
  readonly services: { readonly current: ConsoleServices | undefined };
}

/** The File menu: console files, windows and connections. */
export function fileVerbs({ session, store, services }: FileVerbsParts): readonly Verb[] {
  const host = findConsoleHost();
  const save = async (ask: boolean): Promise<void> => {
    const { writeConsoleFile } = await import('./console-file.ts');
    const connection = session.store.getState().destination;
    const text = writeConsoleFile({ view: store.getState(), connection });
    const name = host === undefined ? downloadText('console.carillon', text) : await host.saveFile(text, ask);
    if (name !== null) services.current?.notify({ tone: 'success', title: `"${name}" is saved` });
  };
  return [
    {
      id: 'file.connect',
      label: 'Connect to a Server...',
      slot: 'top',
      icon: 'server',
      accessKey: 'c',
      run: async () => {
        const { current } = services;
        if (current !== undefined) await openConnectDialog({ ...current, session });
      },
    },
    {
      id: 'file.open',
      label: 'Open Console...',
      slot: 'tasks',
      shortcut: 'Ctrl+O',
      accessKey: 'o',
      run: async () => {
        const file = host === undefined ? await pickTextFile('.carillon') : await host.openFile();
        if (file !== null) await showConsoleFile(file, { session, store });
      },
    },
    {
      id: 'file.save',
      label: 'Save Console',
      slot: 'tasks',
      shortcut: 'Ctrl+S',
      accessKey: 's',
      run: () => save(false),
    },
    ...(host === undefined
      ? []
      : [
          {
            id: 'file.save-as',
            label: 'Save Console As...',
            slot: 'tasks',
            accessKey: 'a',
            run: () => save(true),
          } as const,
        ]),
  ];
}

/** Arranges this window as a console file says. Throws where it is none. */
export async function showConsoleFile(
  { name, text }: ConsoleFileText,
  { session, store }: Pick<FileVerbsParts, 'session' | 'store'>,
): Promise<void> {
  const { readConsoleFile } = await import('./console-file.ts');
  const { view, connection } = readConsoleFile(name, text);
  store.getState().show(view);
  if (JSON.stringify(session.store.getState().destination) !== JSON.stringify(connection))
    session.goTo(connection);
}
