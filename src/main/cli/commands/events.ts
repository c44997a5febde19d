import type { Command } from 'commander';

import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { LoggedEvent } from '#shared/contract/events.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Sent } from '#shared/rpc/contract.ts';

import { onRun } from '../on-run.ts';
import { formatEvent } from '../output/event-line.ts';
import { parseNumber } from '../parse-number.ts';
import type { CarillonClient, Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly follow?: boolean;
  readonly severity?: 'information' | 'warning' | 'error';
  readonly account?: string;
  readonly agent?: string;
  readonly limit: number;
}

export function addEventsCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('events')
    .argument('[number]', 'events of this number, with its meaning and fix', parseNumber(0, 65_535))
    .option('-f, --follow', 'go on with what comes, until Ctrl+C')
    .option('--severity <severity>', 'information, warning or error')
    .option('--account <account>', 'events of this account')
    .option('--agent <agent>', 'events of this agent')
    .option('--limit <count>', 'how many, newest last', parseNumber(1, 1000), 50)
    .description('Show the event log');
  onRun<[number | undefined], Options>(terminal, command, async (session, [number], options) => {
    const { severity, account, agent, limit } = options;
    if (severity !== undefined && !['information', 'warning', 'error'].includes(severity))
      throw new AppError('invalid_input', `No severity "${severity}"`, {
        fix: 'Use information, warning or error.',
      });
    const filter = {
      ...(number === undefined ? {} : { number }),
      ...(severity === undefined ? {} : { severity }),
      ...(account === undefined ? {} : { account }),
      ...(agent === undefined ? {} : { agent }),
    };
    const line = (event: LoggedEvent): string => formatEvent(event, terminal.paint);
    if (options.follow === true) {
      await session.withService((client) => follow(session, client, { ...filter, limit }, line));
      return;
    }
    const found = await session.withReader(async (client) => {
      const events = (await client.call('events.list', { ...filter, limit })).reverse();
      if (number === undefined) return { events };
      return { definition: await client.call('events.define', { number }), events };
    });
    session.print(found, ({ definition, events }) => {
      const head = definition && [
        `${terminal.paint('bold', `${definition.source} ${definition.number}`)} ${definition.title} (${definition.severity})`,
        definition.meaning,
        definition.cause,
        definition.fix,
        '',
      ];
      return [...(head ?? []), ...events.map(line)].join('\n');
    });
  });
}

type Filter = Sent<CarillonContract, 'events.list'>;

/** Prints from the log itself, in its order; the topic only says that there is more to read. */
async function follow(
  session: Session,
  client: CarillonClient,
  filter: Filter,
  line: (event: LoggedEvent) => string,
): Promise<void> {
  const { interrupted } = session.terminal;
  let last: number | undefined;
  let again = false;
  let reading: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    do {
      again = false;
      const input = last === undefined ? filter : { ...filter, after: last, limit: 1000 };
      const events = await client.call('events.list', input);
      for (const event of events.reverse()) {
        session.printLine(event, line);
        last = event.id;
      }
      last ??= 0;
    } while (again);
    reading = undefined;
  };
  const wake = (): void => {
    if (reading === undefined) reading = read();
    else again = true;
    reading?.catch(() => {});
  };
  const lost = new Promise<string>((resolve) => client.closed(resolve));
  await client.subscribe('events.logged', wake);
  await read();
  const reason = await lost;
  throw interrupted.aborted ? new AppError('cancelled', 'Interrupted') : new AppError('unavailable', reason);
}
