import type { Command } from 'commander';

import type { Explanation } from '#shared/contract/people.ts';

import { onRun } from '../on-run.ts';
import type { Paint } from '../output/paint.ts';
import { formatTable } from '../output/table.ts';
import { parseNumber } from '../parse-number.ts';
import type { Terminal } from '../terminal.ts';

export function addPeopleCommands(program: Command, terminal: Terminal): void {
  onRun<[string], { limit: number }>(
    terminal,
    program
      .command('people')
      .argument('<text>', 'start of a name, an address or an account')
      .option('--limit <count>', 'how many', parseNumber(1, 1000), 50)
      .description('Search people and the accounts that belong to them'),
    async (session, [text], { limit }) => {
      const people = await session.withReader((client) => client.call('people.search', { text, limit }));
      session.print(people, () =>
        formatTable(
          [
            { title: 'person', value: ({ person }) => person.displayName ?? String(person.id) },
            { title: 'agent', value: ({ connector }) => connector?.agentName },
            { title: 'object', value: ({ connector }) => connector?.dn },
          ],
          people.flatMap((person) => {
            const connectors = person.connectors.length === 0 ? [undefined] : person.connectors;
            return connectors.map((connector) => ({ person, connector }));
          }),
        ),
      );
    },
  );

  onRun<[string]>(
    terminal,
    program
      .command('explain')
      .argument('<account>', 'DOMAIN\\name, or the name alone')
      .description('Say what would happen to a password change of this account now, target by target'),
    async (session, [account]) => {
      const found = await session.withService((client) => client.call('people.explain', { account }));
      session.print(found, () => formatExplanation(found, terminal.paint));
    },
  );
}

function formatExplanation({ account, refusal, targets }: Explanation, paint: Paint): string {
  const colours = {
    deliver: 'green',
    shadow: 'cyan',
    hold: 'yellow',
    refuse: 'red',
    nothing: 'dim',
  } as const;
  if (refusal !== undefined)
    return `${paint('bold', account)}: ${paint('red', 'goes nowhere')} (event ${refusal.event}): ${refusal.reason}`;
  return [
    paint('bold', account),
    formatTable(
      [
        { title: 'target', value: ({ agentName }) => agentName },
        { title: 'verdict', value: ({ verdict }) => paint(colours[verdict], verdict) },
        { title: 'event', value: ({ event }) => event },
        { title: 'object', value: ({ dn }) => dn },
        { title: 'reason', value: ({ reason }) => reason },
      ],
      targets,
    ),
  ].join('\n');
}
