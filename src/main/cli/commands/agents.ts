import type { Command } from 'commander';

import type { AgentRow } from '#shared/contract/agents.ts';
import { AppError } from '#shared/model/app-error.ts';

import { onRun } from '../on-run.ts';
import type { Paint } from '../output/paint.ts';
import { type Column, formatTable } from '../output/table.ts';
import { formatAge } from '../output/time-words.ts';
import { readNewSecret } from '../read-secret.ts';
import { readToolFile } from '../sso/read-tool-file.ts';
import type { Terminal } from '../terminal.ts';
import { addSchemaCommands } from './agent-schema.ts';

export function addAgentsCommand(program: Command, terminal: Terminal): void {
  const agents = program
    .command('agents')
    .description('Management agents: list, show, test, hold, set passwords');

  onRun(
    terminal,
    agents.command('list', { isDefault: true }).description('List the agents'),
    async (session) => {
      const rows = await session.withReader((client) => client.call('agents.list', {}));
      session.print(rows, () => formatTable(agentColumns(terminal.paint), rows));
    },
  );

  onRun<[string]>(
    terminal,
    agents.command('show').argument('<agent>', 'name or id').description('Show one agent with its settings'),
    async (session, [agent]) => {
      const found = await session.withReader((client) => client.call('agents.get', { agent }));
      session.print(found, () => JSON.stringify(found.agent, null, 2));
    },
  );

  onRun<[string]>(
    terminal,
    agents
      .command('test')
      .argument('<agent>', 'name or id')
      .description('Connect as the agent does, step by step, and say what fails'),
    async (session, [agent]) => {
      const test = await session.withService((client) => client.call('agents.test', { agent }));
      session.print(test, () =>
        test.steps
          .map(({ name, ok, ms, detail, fix }) => {
            const mark = ok ? terminal.paint('green', 'ok  ') : terminal.paint('red', 'fail');
            const line =
              `${mark}  ${name.padEnd(16)} ${`${ms.toFixed(1)} ms`.padStart(10)}  ${detail ?? ''}`.trimEnd();
            return fix === undefined ? line : `${line}\n      ${fix}`;
          })
          .join('\n'),
      );
      if (!test.ok) throw new AppError('internal', `The test of "${agent}" failed`);
    },
  );

  onRun<[string]>(
    terminal,
    agents
      .command('set-password')
      .argument('<agent>', 'name or id')
      .description('Store the password that the agent signs in with; read from standard input or a prompt'),
    async (session, [agent]) => {
      using secret = await readNewSecret(terminal, `Password of the agent "${agent}"`);
      await session.withService((client) =>
        client.call('credentials.set', { agent, secret: session.encodeSecret(secret) }),
      );
      session.print({ agent, stored: true }, () => `Stored the password of "${agent}"`);
    },
  );

  onRun<[string | undefined]>(
    terminal,
    agents
      .command('entsso')
      .argument('[file]', 'ENTSSO.xml to take over; without one, the present file is printed')
      .description('ENTSSO.xml: whose mappings the agents of Enterprise Single Sign-On make'),
    async (session, [path]) => {
      if (path === undefined) {
        const { text } = await session.withReader((client) => client.call('entsso.read', {}));
        session.print({ text }, () => text);
        return;
      }
      const text = readToolFile(path);
      const written = await session.withService(async (client) => {
        const { revision } = await client.call('entsso.read', {});
        return await client.call('entsso.write', { text, revision });
      });
      session.print(written, () => `${path} is in force for ${written.agents.join(', ')}`);
    },
  );

  onRun<[string], { readonly spaceOnly?: true }>(
    terminal,
    agents
      .command('delete')
      .argument('<agent>', 'name or id')
      .option('--space-only', 'delete its connector space and keep the agent')
      .description('Delete an agent with its connector space; the connected system stays as it is'),
    async (session, [agent], { spaceOnly }) => {
      if (spaceOnly === true) {
        const run = await session.withService((client) => client.call('agents.deleteSpace', { agent }));
        session.print(run, () => `The connector space of "${agent}": ${run.result}`);
        return;
      }
      const deleted = await session.withService((client) => client.call('agents.delete', { agent }));
      session.print(deleted, () => `Deleted "${agent}"`);
    },
  );

  addSchemaCommands(agents, terminal);

  for (const [name, method, description, done] of [
    ['hold', 'password.hold', 'Collect the deliveries of a target without sending any', 'Holding'],
    ['resume', 'password.resume', 'Send what was collected for a target', 'Resumed'],
    ['live', 'password.live', 'Switch a target to live: its changes are written from now on', 'Live:'],
    [
      'shadow',
      'password.shadow',
      'Decide and report the changes of a target, and write none',
      'In shadow mode:',
    ],
  ] as const)
    onRun<[string]>(
      terminal,
      agents.command(name).argument('<agent>', 'name or id').description(description),
      async (session, [agent]) => {
        const { revision } = await session.withService((client) => client.call(method, { agent }));
        session.print({ agent, revision }, () => `${done} "${agent}"`);
      },
    );
}

function agentColumns(paint: Paint): readonly Column<AgentRow>[] {
  return [
    { title: 'name', value: ({ name }) => name },
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'source of', value: ({ sourceDomains }) => sourceDomains.join(',') || undefined },
    { title: 'target', value: (row) => describeTarget(row, paint) },
    { title: 'waiting', value: ({ waiting }) => waiting, align: 'right' },
    { title: 'parked', value: ({ parked }) => parked, align: 'right' },
    { title: 'oldest', value: ({ oldestReceivedAt }) => formatAge(oldestReceivedAt) },
    { title: 'objects', value: ({ connectors }) => connectors, align: 'right' },
    { title: 'joined', value: ({ joined }) => joined, align: 'right' },
    {
      title: 'last run',
      value: ({ lastRun }) =>
        lastRun && `${lastRun.profile}: ${lastRun.result ?? 'running'}, ${formatAge(lastRun.startedAt)}`,
    },
  ];
}

function describeTarget({ passwordManagement, hold, shadow, breaker }: AgentRow, paint: Paint): string {
  if (!passwordManagement) return paint('dim', 'off');
  if (hold) return paint('yellow', 'on hold');
  if (breaker !== 'closed') return paint('red', 'not answering');
  return shadow ? paint('cyan', 'shadow') : paint('green', 'ready');
}
