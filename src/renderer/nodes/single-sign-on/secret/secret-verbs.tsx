import type { Verb } from '#console/verb.ts';

import type { NodeServices } from '../../node-services.ts';

/** How often the state of re-encryption is read while it is watched, milliseconds. */
const pace = 500;

/** Follows re-encryption as a background task; cancelling the task ends it on the server too. */
export function watchReEncryption({ session, startTask }: NodeServices): void {
  startTask({
    title: 'Re-encrypt credentials',
    work: async (report, signal) => {
      for (;;) {
        const { reEncryption } = await session.client.call('sso.status', {});
        const { running, done, total, unreadable } = reEncryption;
        if (!running)
          return unreadable > 0
            ? `${unreadable} credentials open with no master secret of this server`
            : `${total} credentials are sealed with the current master secret`;
        report(`${done} of ${total} credentials`, total === 0 ? undefined : done / total);
        if (signal.aborted) {
          await session.client.call('sso.cancelReencrypt', {});
          signal.throwIfAborted();
        }
        await new Promise<void>((resolve) => {
          setTimeout(resolve, pace);
        });
      }
    },
  });
}

/** What is done with the master secret, on the node of the system. */
export function secretVerbs(services: NodeServices): readonly Verb[] {
  const { session, openDialog, notify } = services;
  const write = (kind: 'generate' | 'back-up') => async (): Promise<void> => {
    const { SecretDialog } = await import('./SecretDialog.tsx');
    openDialog((close) => (
      <SecretDialog
        kind={kind}
        onDone={() => {
          if (kind === 'generate') watchReEncryption(services);
          else notify({ tone: 'success', title: 'The master secret is backed up' });
        }}
        onClose={close}
      />
    ));
  };
  const open = (kind: 'restore' | 'test') => async (): Promise<void> => {
    const { BackupDialog } = await import('./BackupDialog.tsx');
    openDialog((close) => (
      <BackupDialog kind={kind} onDone={() => watchReEncryption(services)} onClose={close} />
    ));
  };
  return [
    {
      id: 'sso.secret.generate',
      label: 'Generate Secret...',
      slot: 'tasks',
      accessKey: 'g',
      run: write('generate'),
    },
    {
      id: 'sso.secret.backup',
      label: 'Backup Secret...',
      slot: 'tasks',
      accessKey: 'b',
      run: write('back-up'),
    },
    {
      id: 'sso.secret.restore',
      label: 'Restore Secret...',
      slot: 'tasks',
      accessKey: 'r',
      run: open('restore'),
    },
    { id: 'sso.secret.test', label: 'Test Backup...', slot: 'tasks', accessKey: 't', run: open('test') },
    {
      id: 'sso.secret.reencrypt',
      label: 'Re-encrypt Credentials',
      slot: 'tasks',
      accessKey: 'c',
      run: async () => {
        await session.client.call('sso.reencrypt', {});
        watchReEncryption(services);
      },
    },
  ];
}
