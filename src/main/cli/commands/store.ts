import { resolve } from 'node:path';

import type { Command } from 'commander';

import { onRun } from '../on-run.ts';
import { formatTable } from '../output/table.ts';
import { formatTime } from '../output/time-words.ts';
import type { Terminal } from '../terminal.ts';

export function addStoreCommand(program: Command, terminal: Terminal): void {
  const store = program.command('store').description('The database of the service: back up, restore');

  onRun(terminal, store.command('backup').description('Write a backup beside the store'), async (session) => {
    const made = await session.withService((client) => client.call('system.backup', {}));
    session.print(made, ({ file }) => `Wrote ${file}`);
  });

  onRun(terminal, store.command('list').description('List the backups'), async (session) => {
    const { listBackups } = await import('#host/restore-database.ts');
    const backups = listBackups(session.dataDirectory);
    session.print(backups, () =>
      formatTable(
        [
          { title: 'made', value: ({ at }) => formatTime(at) },
          { title: 'file', value: ({ file }) => file },
        ],
        backups,
      ),
    );
  });

  onRun<[string | undefined]>(
    terminal,
    store
      .command('restore')
      .argument('[file]', 'a backup; the newest where absent')
      .description('Put a backup in place of the store; the service must be stopped'),
    async (session, [file]) => {
      const { restoreDatabase } = await import('#host/restore-database.ts');
      const restored = restoreDatabase(session.dataDirectory, file === undefined ? undefined : resolve(file));
      session.print(restored, ({ from, kept, parked }) =>
        [
          from === undefined ? 'There was no backup: the store starts empty' : `Restored ${from}`,
          `What was there is kept: ${kept}`,
          ...(parked === 0 ? [] : [`${parked} deliveries are parked: carillon queue list --parked`]),
        ].join('\n'),
      );
    },
  );
}
