import type { Command } from 'commander';

import { onRun } from '../on-run.ts';
import type { Terminal } from '../terminal.ts';

export function addSyncCommand(program: Command, terminal: Terminal): void {
  const sync = program.command('sync').description('The switch of password synchronization');
  for (const [name, method] of [
    ['enable', 'password.enableSync'],
    ['disable', 'password.disableSync'],
  ] as const)
    onRun(
      terminal,
      sync.command(name).description(`Turn it ${name === 'enable' ? 'on' : 'off'}`),
      async (session) => {
        const applied = await session.withService((client) => client.call(method, {}));
        session.print(applied, () => `Password synchronization is ${name}d`);
      },
    );
}
