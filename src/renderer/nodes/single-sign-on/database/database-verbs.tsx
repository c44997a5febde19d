import type { Verb } from '#console/verb.ts';

import type { NodeServices } from '../../node-services.ts';

/** What is done with the credential database, on the node of the system. */
export function databaseVerbs({ session, openDialog, notify }: NodeServices): readonly Verb[] {
  const open = (kind: 'create' | 'set') => async (): Promise<void> => {
    const { DatabaseDialog } = await import('./DatabaseDialog.tsx');
    openDialog((close) => (
      <DatabaseDialog
        kind={kind}
        onDone={(title) =>
          notify({ tone: 'success', title: `${title}. Restart the service for it to count` })
        }
        onClose={close}
      />
    ));
  };
  return [
    {
      id: 'sso.database.create',
      label: 'Create Database...',
      slot: 'tasks',
      accessKey: 'a',
      run: open('create'),
    },
    { id: 'sso.database.set', label: 'Set Database...', slot: 'tasks', accessKey: 's', run: open('set') },
    {
      id: 'sso.database.upgrade',
      label: 'Upgrade Database',
      slot: 'tasks',
      accessKey: 'u',
      run: async () => {
        const { steps } = await session.client.call('sso.upgradeDatabase', {});
        notify({
          tone: 'success',
          title: steps.length === 0 ? 'The credential database is up to date' : `Done: ${steps.join(', ')}`,
        });
      },
    },
  ];
}
