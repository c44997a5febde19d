import type { Command } from 'commander';

import { onRun } from '../on-run.ts';
import { formatStatus } from '../output/status-text.ts';
import type { Terminal } from '../terminal.ts';

export function addStatusCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('status')
    .description('Show the state of the server, and what needs attention');
  onRun(terminal, command, async (session) => {
    const status = await session.withReader((client) => client.call('system.status', {}));
    session.print(status, () => formatStatus(status, terminal.paint));
  });
}
