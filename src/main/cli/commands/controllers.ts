import type { Command } from 'commander';

import { onRun } from '../on-run.ts';
import { formatTable } from '../output/table.ts';
import { formatAge } from '../output/time-words.ts';
import type { Terminal } from '../terminal.ts';

export function addControllersCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('controllers')
    .description('List the domain controllers that deliver changes here');
  onRun(terminal, command, async (session) => {
    const seen = await session.withReader((client) => client.call('capture.controllers', {}));
    session.print(seen, () =>
      formatTable(
        [
          { title: 'server', value: ({ server }) => server },
          { title: 'domain', value: ({ domain }) => domain },
          { title: 'capture', value: ({ capture }) => capture },
          { title: 'heartbeat', value: ({ lastHeartbeatAt }) => formatAge(lastHeartbeatAt) },
          { title: 'last change', value: ({ lastChangeAt }) => formatAge(lastChangeAt) },
          { title: 'queued there', value: ({ queued }) => queued, align: 'right' },
          {
            title: 'clock',
            value: ({ clockDifference }) =>
              clockDifference === undefined ? undefined : `${Math.round(clockDifference)} ms`,
            align: 'right',
          },
        ],
        seen,
      ),
    );
  });
}
