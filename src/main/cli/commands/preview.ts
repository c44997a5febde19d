import type { Command } from 'commander';

import type { SpacePreview } from '#shared/contract/space.ts';
import { AppError } from '#shared/model/app-error.ts';

import { onRun } from '../on-run.ts';
import { formatTable } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';

/** Objects that a name may be part of before it has to be written out. */
const mostFound = 50;

export function addPreviewCommand(program: Command, terminal: Terminal): void {
  onRun<[string, string]>(
    terminal,
    program
      .command('preview')
      .argument('<agent>', 'management agent, by name or id')
      .argument('<object>', 'distinguished name in its connector space, or a part that only one has')
      .description('Show what a synchronization would make of one object, without doing it'),
    async (session, [agent, text]) => {
      const preview = await session.withService(async (client) => {
        const found = await client.call('space.search', { agent, text, limit: mostFound });
        const exact = found.find(({ dn }) => dn.toLowerCase() === text.toLowerCase());
        const [first] = found;
        const only = exact ?? (found.length === 1 ? first : undefined);
        if (only === undefined)
          throw new AppError(
            'not_found',
            `${found.length} objects of ${agent} have "${text}" in their name`,
            {
              fix: 'Write the whole distinguished name, as the connector space spells it.',
            },
          );
        return client.call('space.preview', { id: only.id });
      });
      session.print(preview, () => formatPreview(preview));
    },
  );
}

function formatPreview(preview: SpacePreview): string {
  const { dn, stateBefore, stateAfter, link, personBefore, personAfter, staged, dropped, errors } = preview;
  const names = [...new Set([...Object.keys(personBefore), ...Object.keys(personAfter)])].sort();
  const show = (values: readonly string[] | undefined): string => values?.join(', ') ?? '';
  return [
    `${dn}: ${stateBefore} -> ${stateAfter ?? 'deleted'}${link === undefined ? '' : ` (${link})`}`,
    formatTable(
      [
        { title: 'attribute of the person', value: (name) => name },
        { title: 'before', value: (name) => show(personBefore[name]) },
        { title: 'after', value: (name) => show(personAfter[name]) },
      ],
      names,
    ),
    ...staged.map(
      ({ agentName, operation, dn: name, changes }) =>
        `would stage: ${operation} ${name} in ${agentName}: ${Object.keys(changes).join(', ') || 'the whole object'}`,
    ),
    ...dropped.map(
      ({ agentName, operation, dn: name }) => `would drop: ${operation} ${name} in ${agentName}`,
    ),
    ...errors.map(({ error, dn: name, detail }) => `error: ${error} ${name}: ${detail}`),
  ].join('\n');
}
