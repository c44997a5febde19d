import { resolve } from 'node:path';

import type { Command } from 'commander';

import { AppError } from '#shared/model/app-error.ts';

import { onRun } from '../on-run.ts';
import { formatTable } from '../output/table.ts';
import { formatTime } from '../output/time-words.ts';
import type { Terminal } from '../terminal.ts';

export function addAdapterCommand(program: Command, terminal: Terminal): void {
  const adapter = program
    .command('adapter')
    .description(
      'Password synchronization adapters: run one that comes along, test any, look at those connected',
    );

  onRun(
    terminal,
    adapter.command('list').description('Show every adapter and how it stands'),
    async (session) => {
      const state = await session.withService((client) => client.call('adapters.state', {}));
      session.print(state, ({ socket, adapters }) =>
        [
          `Adapters connect to ${socket}`,
          formatTable(
            [
              { title: 'adapter', value: ({ name }) => name },
              { title: 'enabled', value: ({ enabled }) => (enabled ? 'yes' : 'no') },
              { title: 'state', value: ({ online }) => (online ? 'online' : 'offline') },
              { title: 'waiting', value: ({ waiting }) => String(waiting) },
              { title: 'unconfirmed', value: ({ unconfirmed }) => String(unconfirmed) },
              { title: 'heard', value: ({ heardAt }) => (heardAt === undefined ? '' : formatTime(heardAt)) },
            ],
            adapters,
          ),
        ].join('\n'),
      );
    },
  );

  onRun<[string]>(
    terminal,
    adapter
      .command('reset')
      .argument('<what>', 'an adapter, all, or damping')
      .description('Empty the queue of one adapter or of all, or forget which changes were made lately'),
    async (session, [what]) => {
      const target = what === 'all' || what === 'damping' ? ({ what } as const) : { adapter: what };
      const done = await session.withService((client) => client.call('adapters.reset', target));
      session.print(done, ({ dropped }) =>
        what === 'damping' ? 'Damping forgot everything' : `Dropped ${dropped}`,
      );
    },
  );

  onRun<[string]>(
    terminal,
    adapter
      .command('run')
      .argument('<file>', "the adapter's configuration")
      .description('Run an adapter for a program, OpenLDAP, PostgreSQL or MariaDB until SIGTERM or Ctrl+C'),
    async (_, [file]) => {
      const { runConfiguredAdapter } = await import('#adapters/run-configured-adapter.ts');
      await runConfiguredAdapter(resolve(file), (line) => terminal.stderr.write(`${line}\n`));
    },
  );

  onRun<[string, string[]], { timeout?: string }>(
    terminal,
    adapter
      .command('test')
      .argument('<command>', 'what starts the adapter; it is told where to connect in its environment')
      .argument('[arguments...]', 'its arguments, behind --')
      .option('--timeout <seconds>', 'how long it may take to answer', '20')
      .description('Check any adapter against the protocol and print what fails'),
    async (session, [command, words], { timeout }) => {
      const { testConformance } = await import('#adapters/conformance/test-conformance.ts');
      const report = await testConformance({
        command,
        arguments: words,
        timeout: Number(timeout ?? 20) * 1000,
      });
      session.print(report, ({ checks }) =>
        checks
          .map(
            ({ ok, what, detail }) => `${ok ? 'ok  ' : 'FAIL'} ${what}${detail === '' ? '' : `: ${detail}`}`,
          )
          .join('\n'),
      );
      const failed = report.checks.filter(({ ok }) => !ok);
      if (!report.ok)
        throw new AppError(
          'damaged',
          `The adapter fails ${failed.length} of ${report.checks.length} checks`,
          {
            fix: 'docs/adapters.md has the protocol.',
          },
        );
    },
  );
}
