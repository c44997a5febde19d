import type { Verb } from '#console/verb.ts';

import type { NodeServices } from '../node-services.ts';
import { counted } from './counted.ts';

/** Migrate: the way over from Identity Manager, Enterprise Single Sign-On and PCNS. Its code is loaded then. */
export function migrateVerb({ session, openDialog, notify }: NodeServices): Verb {
  return {
    id: 'migration.open',
    label: 'Migrate...',
    slot: 'tasks',
    accessKey: 'g',
    run: async () => {
      const [{ MigrationWizard }, { MigrationTestDialog }] = await Promise.all([
        import('./MigrationWizard.tsx'),
        import('./MigrationTestDialog.tsx'),
      ]);
      openDialog((close) => (
        <MigrationWizard
          session={session}
          onImported={(done) => {
            notify({
              tone: 'success',
              title: `${counted(done.agents.length, 'agent')} and ${counted(done.definitions.length, 'definition')} came over`,
              body: `Agents are in shadow mode, definitions are disabled. Undo Restore or Import brings back what was there before.`,
            });
            if (done.tested.length > 0)
              openDialog((shut) => (
                <MigrationTestDialog agents={done.tested} session={session} onClose={shut} />
              ));
          }}
          onClose={close}
        />
      ));
    },
  };
}
