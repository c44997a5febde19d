import type { Command } from 'commander';

import type { Run } from '#shared/contract/agents.ts';
import { AppError } from '#shared/model/app-error.ts';

import { onRun } from '../on-run.ts';
import { formatTable } from '../output/table.ts';
import { formatAge, formatDuration } from '../output/time-words.ts';
import { parseNumber } from '../parse-number.ts';
import type { Terminal } from '../terminal.ts';

export function addRunCommands(program: Command, terminal: Terminal): void {
  onRun<[string, string], { wait: boolean; resume?: boolean }>(
    terminal,
    program
      .command('run')
      .argument('<agent>', 'name or id')
      .argument('<profile>', 'run profile of the agent')
      .option('--no-wait', 'start the run and come back at once')
      .option('--resume', 'go on with the step at which its last run was stopped')
      .description('Run a run profile of an agent and show its result'),
    async (session, [agent, profile], { wait, resume = false }) => {
      const run = await session.withService((client) =>
        client.call('agents.run', { agent, profile, wait, resume }),
      );
      session.print(run, formatRun);
      if (wait && !isGood(run)) throw new AppError('internal', `The run ended with ${run.result}`);
    },
  );

  onRun<[string | undefined], { limit: number }>(
    terminal,
    program
      .command('runs')
      .argument('[agent]', 'name or id; every agent where absent')
      .option('--limit <count>', 'how many, newest first', parseNumber(1, 1000), 20)
      .description('List the latest runs and their results'),
    async (session, [agent], { limit }) => {
      const input = agent === undefined ? { limit } : { agent, limit };
      const runs = await session.withReader((client) => client.call('agents.runs', input));
      session.print(runs, () =>
        formatTable(
          [
            { title: 'run', value: ({ id }) => id, align: 'right' },
            { title: 'agent', value: ({ agentName }) => agentName },
            { title: 'profile', value: ({ profile: name }) => name },
            { title: 'started', value: ({ startedAt }) => formatAge(startedAt) },
            { title: 'took', value: took },
            { title: 'result', value: ({ result }) => result ?? 'running' },
          ],
          runs,
        ),
      );
    },
  );

  onRun<[string]>(
    terminal,
    program.command('stop').argument('<agent>', 'name or id').description('Stop the run of an agent'),
    async (session, [agent]) => {
      const { stopped } = await session.withService((client) => client.call('agents.stop', { agent }));
      session.print({ stopped }, () =>
        stopped ? `Stopped the run of "${agent}"` : `"${agent}" does not run`,
      );
    },
  );
}

function isGood({ result }: Run): boolean {
  return result === 'success' || (result?.startsWith('completed-') ?? false);
}

function took({ startedAt, endedAt }: { startedAt?: number | undefined; endedAt?: number | undefined }) {
  return startedAt === undefined || endedAt === undefined ? undefined : formatDuration(endedAt - startedAt);
}

function formatRun(run: Run): string {
  const steps = formatTable(
    [
      { title: 'step', value: ({ number }) => number, align: 'right' },
      { title: 'type', value: ({ type }) => type },
      { title: 'partition', value: ({ partition }) => partition },
      { title: 'took', value: took },
      { title: 'result', value: ({ result }) => result },
      {
        title: 'counts',
        value: ({ counts }) =>
          Object.entries(counts)
            .filter(([, count]) => count > 0)
            .map(([name, count]) => `${name} ${count}`)
            .join(', ') || undefined,
      },
    ],
    run.steps,
  );
  const details = run.steps.flatMap(({ detail }) => (detail === undefined ? [] : [detail]));
  const errors = run.errors.map(
    ({ dn, error, detail }) => `${error}  ${[dn, detail].filter((part) => part !== '').join(': ')}`,
  );
  const title = `${run.agentName}, ${run.profile}: ${run.result ?? 'running'}`;
  return [title, ...(run.steps.length > 0 ? [steps] : []), ...details, ...errors].join('\n');
}
