import type { Command } from 'commander';

import type { CaptureQuestion } from '#capture/capture-control.ts';
import type { CaptureStatus } from '#capture/capture-host.ts';
import type { LoggedEvent } from '#shared/contract/events.ts';

import { onRun } from '../on-run.ts';
import { formatEvent } from '../output/event-line.ts';
import type { Paint } from '../output/paint.ts';
import { formatTable } from '../output/table.ts';
import { formatAge, formatDuration } from '../output/time-words.ts';
import { parseNumber } from '../parse-number.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly config?: string;
}

/** The domain controller's side. Its modules are loaded when they are needed: other machines never need them. */
export function addCaptureCommand(program: Command, terminal: Terminal): void {
  const capture = program
    .command('capture')
    .description('Password capture on this domain controller: run it, install its hook, look at it');
  const configured = (command: Command): Command =>
    command.option(
      '--config <file>',
      "capture's configuration file, /etc/carillon/capture.json where absent",
    );

  onRun<[], Options>(
    terminal,
    configured(capture.command('run', { isDefault: true })).description(
      'Run capture until SIGTERM or Ctrl+C',
    ),
    async (_, __, { config }) => {
      const { runCapture } = await import('../run-capture.ts');
      await runCapture(config, terminal);
    },
  );

  for (const [name, description] of [
    ['install', 'Put the hook in place and have Samba run it'],
    ['uninstall', 'Take the hook out of Samba'],
  ] as const)
    onRun<[], Options & { dryRun?: boolean }>(
      terminal,
      configured(capture.command(name))
        .option('--dry-run', 'say what would be done, and do nothing')
        .description(description),
      async (session, _, { config, dryRun = false }) => {
        const [{ readCaptureConfiguration }, { installCapture, uninstallCapture }] = await Promise.all([
          import('#capture/capture-configuration.ts'),
          import('#capture/capture-install.ts'),
        ]);
        const steps: string[] = [];
        const write = (text: string): void => {
          steps.push(text);
          if (!session.json) session.printLine(text, String);
        };
        const options = { configuration: readCaptureConfiguration(config), dryRun, write };
        await (name === 'install' ? installCapture(options) : uninstallCapture(options));
        if (session.json) session.print({ dryRun, steps }, String);
      },
    );

  onRun<[], Options>(
    terminal,
    configured(capture.command('status')).description('Show what the capture service of this machine does'),
    async (session, _, { config }) => {
      const status = (await askService(config, { ask: 'status' })) as CaptureStatus;
      session.print(status, () => formatCapture(status, terminal.paint));
    },
  );

  onRun<[number | undefined], Options & { limit: number }>(
    terminal,
    configured(capture.command('events'))
      .argument('[number]', 'events of this number', parseNumber(0, 65_535))
      .option('--limit <count>', 'how many, newest last', parseNumber(1, 1000), 50)
      .description('Show the event log of the capture service of this machine'),
    async (session, [number], { config, limit }) => {
      const question = { ask: 'events', limit, ...(number === undefined ? {} : { number }) } as const;
      const newestFirst = (await askService(config, question)) as readonly LoggedEvent[];
      const events = newestFirst.toReversed();
      session.print({ events }, () => events.map((event) => formatEvent(event, terminal.paint)).join('\n'));
    },
  );
}

/** What the running service answers. Its socket admits nobody but root, so its answer is not parsed again. */
async function askService(config: string | undefined, question: CaptureQuestion): Promise<unknown> {
  const [{ readCaptureConfiguration }, { askCapture }, { controlSocketOf }] = await Promise.all([
    import('#capture/capture-configuration.ts'),
    import('#capture/capture-control.ts'),
    import('#capture/capture-host.ts'),
  ]);
  return await askCapture(controlSocketOf(readCaptureConfiguration(config)), question);
}

function formatCapture(status: CaptureStatus, paint: Paint): string {
  const { startedAt, server, domain, directoryConnected, held, captured, lastCapturedAt, targets } = status;
  const directory = directoryConnected ? paint('green', 'connected') : paint('red', 'not connected');
  return [
    `${paint('bold', server ?? 'This domain controller')} of ${domain ?? 'an unknown domain'}: running for ${formatDuration(Date.now() - startedAt)}`,
    '',
    `  Directory   ${directory}`,
    `  Captured    ${captured}, the last ${formatAge(lastCapturedAt) ?? 'never'}`,
    `  Held        ${held} until the directory shows them`,
    '',
    formatTable(
      [
        { title: 'target', value: ({ target }) => target },
        {
          title: 'state',
          value: ({ connected, trouble }) =>
            trouble === undefined
              ? paint(connected ? 'green' : 'dim', connected ? 'connected' : 'idle')
              : paint('red', 'in trouble'),
        },
        { title: 'waiting', value: ({ waiting }) => waiting, align: 'right' },
        {
          title: 'trouble',
          value: ({ trouble, unresolved }) => trouble ?? (unresolved.join(', ') || undefined),
        },
      ],
      targets,
    ),
  ].join('\n');
}
