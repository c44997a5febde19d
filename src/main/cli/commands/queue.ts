import type { Command } from 'commander';

import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { QueueRow } from '#shared/contract/queue.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Reply } from '#shared/rpc/contract.ts';

import { onRun } from '../on-run.ts';
import { formatTable } from '../output/table.ts';
import { formatAge } from '../output/time-words.ts';
import { parseNumber } from '../parse-number.ts';
import type { CarillonClient } from '../session.ts';
import type { Terminal } from '../terminal.ts';

interface Filter {
  readonly agent?: string;
  readonly account?: string;
  readonly parked?: boolean;
}

type QueuePage = Reply<CarillonContract, 'queue.list'>;

const page = 1000;

export function addQueueCommand(program: Command, terminal: Terminal): void {
  const queue = program
    .command('queue')
    .description('Deliveries that wait or are parked: list, release, park, cancel');
  const filtered = (command: Command): Command =>
    command
      .option('--agent <agent>', 'deliveries to this target')
      .option('--account <account>', 'deliveries of this account')
      .option('--parked', 'parked deliveries alone');

  onRun<[], Filter & { limit: number }>(
    terminal,
    filtered(queue.command('list', { isDefault: true }))
      .option('--limit <count>', 'how many', parseNumber(1, page), 100)
      .description('List deliveries, oldest first'),
    async (session, _, { limit, ...filter }) => {
      const found = await session.withReader((client) =>
        client.call('queue.list', { ...toInput(filter), limit }),
      );
      session.print(found, ({ rows, total }) => {
        const more = total > rows.length ? `\n${total - rows.length} more` : '';
        return formatRows(rows) + more;
      });
    },
  );

  onRun<[number[]], Filter & { all?: boolean }>(
    terminal,
    filtered(queue.command('release').argument('[id...]', 'numbers of deliveries', parseIds))
      .option('--all', 'every delivery')
      .description('Try deliveries again now, with their attempts counted anew'),
    async (session, [ids], options) => {
      const count = await session.withService(async (client) => {
        const chosen = await choose(client, ids ?? [], options);
        return await inPages(chosen, async (part) => await client.call('queue.release', { ids: part }));
      });
      session.print({ count }, () => `Released ${count}`);
    },
  );

  const ending = (name: 'park' | 'cancel', description: string, done: string): void =>
    onRun<[number[]], Filter & { all?: boolean; reason?: string }>(
      terminal,
      filtered(queue.command(name).argument('[id...]', 'numbers of deliveries', parseIds))
        .option('--all', 'every delivery')
        .option('--reason <text>', 'stands in the history')
        .description(description),
      async (session, [ids], { reason, ...options }) => {
        const count = await session.withService(async (client) => {
          const chosen = await choose(client, ids ?? [], options);
          const why = reason === undefined ? {} : { reason };
          return await inPages(
            chosen,
            async (part) => await client.call(`queue.${name}`, { ids: part, ...why }),
          );
        });
        session.print({ count }, () => `${done} ${count}`);
      },
    );
  ending(
    'park',
    'Put waiting deliveries aside, still sealed, until they are released or cancelled',
    'Parked',
  );
  ending('cancel', 'End deliveries without making them; their passwords are erased', 'Cancelled');

  onRun<[], { agent?: string; yes?: boolean }>(
    terminal,
    queue
      .command('purge')
      .option('--agent <agent>', 'deliveries to this target alone')
      .option('--yes', 'yes, erase them')
      .description('Cancel everything that waits or is parked'),
    async (session, _, { agent, yes }) => {
      if (yes !== true)
        throw new AppError('invalid_input', 'A purge cannot be undone', { fix: 'Add --yes to do it.' });
      const input = agent === undefined ? {} : { agent };
      const { count } = await session.withService((client) => client.call('queue.purge', input));
      session.print({ count }, () => `Purged ${count}`);
    },
  );
}

function parseIds(text: string, before: number[] = []): number[] {
  return [...before, parseNumber(1, Number.MAX_SAFE_INTEGER)(text)];
}

function toInput({ agent, account, parked }: Filter) {
  return {
    ...(agent === undefined ? {} : { agent }),
    ...(account === undefined ? {} : { account }),
    ...(parked === true ? { state: 'parked' as const } : {}),
  };
}

/** The deliveries that the line names by number, by filter, or all of them; naming none is a mistake. */
async function choose(
  client: CarillonClient,
  ids: readonly number[],
  { all, ...filter }: Filter & { readonly all?: boolean },
): Promise<readonly number[]> {
  const input = toInput(filter);
  if (ids.length > 0) return ids;
  if (all !== true && Object.keys(input).length === 0)
    throw new AppError('invalid_input', 'No delivery is named', {
      fix: 'Give numbers from "carillon queue list", --agent, --account, --parked or --all.',
    });
  const found: number[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const { rows, next }: QueuePage = await client.call('queue.list', { ...input, after, limit: page });
    found.push(...rows.map(({ id }) => id));
    after = next;
  }
  return found;
}

async function inPages(
  ids: readonly number[],
  work: (part: number[]) => Promise<{ readonly count: number }>,
): Promise<number> {
  let total = 0;
  for (let at = 0; at < ids.length; at += page) total += (await work(ids.slice(at, at + page))).count;
  return total;
}

function formatRows(rows: readonly QueueRow[]): string {
  return formatTable(
    [
      { title: 'id', value: ({ id }) => id, align: 'right' },
      { title: 'account', value: ({ account }) => account },
      { title: 'target', value: ({ agentName }) => agentName },
      { title: 'state', value: ({ state }) => state },
      { title: 'tries', value: ({ attempts }) => attempts, align: 'right' },
      { title: 'received', value: ({ receivedAt }) => formatAge(receivedAt) },
      { title: 'next', value: ({ nextAttemptAt }) => formatAge(nextAttemptAt) },
      { title: 'event', value: ({ lastEvent }) => lastEvent },
      { title: 'last result', value: ({ lastResult, lastDetail }) => lastDetail ?? lastResult },
      { title: 'tracking id', value: ({ trackingId }) => trackingId },
    ],
    rows,
  );
}
