import type { Command } from 'commander';

import { onRun } from '../on-run.ts';
import { type Column, formatTable } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';

/** What a connected system can hold: `agents schema`, `agents partitions`, `agents containers`. */
export function addSchemaCommands(agents: Command, terminal: Terminal): void {
  onRun<[string], { readonly type: readonly string[] }>(
    terminal,
    agents
      .command('schema')
      .argument('<agent>', 'name or id')
      .option(
        '--type <name>',
        'attributes of this object type; may be given again',
        (type: string, types: readonly string[]) => [...types, type],
        [] as readonly string[],
      )
      .description('Ask the connected system for its object types and attributes'),
    async (session, [agent], { type }) => {
      const found = await session.withService((client) =>
        client.call('agents.schema', { agent, objectTypes: [...type] }),
      );
      session.print(found, () =>
        [
          `Object types: ${found.objectTypes.join(', ') || 'none'}`,
          ...(found.tables.length > 0 ? [`Tables and views: ${found.tables.join(', ')}`] : []),
          formatTable(attributeColumns, found.attributes),
          ...(found.note === undefined ? [] : [found.note]),
        ].join('\n\n'),
      );
    },
  );

  onRun<[string]>(
    terminal,
    agents
      .command('partitions')
      .argument('<agent>', 'name or id')
      .description('Ask a directory for its naming contexts'),
    async (session, [agent]) => {
      const found = await session.withService((client) => client.call('agents.partitions', { agent }));
      session.print(found, () => found.map(({ dn }) => dn).join('\n') || 'None');
    },
  );

  onRun<[string, string]>(
    terminal,
    agents
      .command('containers')
      .argument('<agent>', 'name or id')
      .argument('<dn>', 'partition or container')
      .description('Ask a directory for the containers right below a name'),
    async (session, [agent, dn]) => {
      const found = await session.withService((client) => client.call('agents.containers', { agent, dn }));
      session.print(found, () => found.map((one) => one.dn).join('\n') || 'None');
    },
  );
}

interface Attribute {
  readonly name: string;
  readonly multivalued: boolean;
  readonly required: boolean;
  readonly anchor: boolean;
  readonly binary: boolean;
}

const attributeColumns: readonly Column<Attribute>[] = [
  { title: 'attribute', value: ({ name }) => name },
  { title: 'values', value: ({ multivalued }) => (multivalued ? 'many' : 'one') },
  { title: 'form', value: ({ binary }) => (binary ? 'binary' : 'text') },
  { title: 'required', value: ({ required }) => (required ? 'yes' : '') },
  { title: 'anchor', value: ({ anchor }) => (anchor ? 'yes' : '') },
];
