import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { MetaverseAttribute } from '#shared/contract/people.ts';
import { useReading } from '#state/use-reading.ts';

import { ObjectTypes } from './ObjectTypes.tsx';

const columns: readonly Column<MetaverseAttribute>[] = [
  { id: 'name', title: 'Attribute', width: 170, value: ({ name }) => name },
  {
    id: 'flows',
    title: 'Import flow',
    width: 380,
    value: ({ flows }) =>
      flows.length === 0
        ? 'None: nothing gives it a value'
        : flows.map(({ agentName, attribute }) => `${agentName}: ${attribute}`).join(', then '),
  },
  { id: 'sources', title: 'Sources', width: 70, kind: 'number', value: ({ flows }) => flows.length },
  { id: 'joins', title: 'Join rules of', width: 220, value: ({ joinedBy }) => joinedBy.join(', ') },
];

/** Metaverse Designer: object types, and attributes with what flows into them, in the order of precedence. */
export const metaverseDesignerNode: ScopeNode = {
  id: 'designer',
  label: 'Metaverse Designer',
  icon: 'properties',
  help: 'metaverse-designer',
  list: opaqueList<MetaverseAttribute>({
    label: 'Attributes',
    columns,
    Header: ObjectTypes,
    empty: {
      title: 'No attributes',
      hint: 'An attribute appears here when the attribute flow or a join rule of a management agent names it.',
    },
    useRows: () => {
      const { value, loading, problem } = useReading('people.schema', {}, [
        'configuration.changed',
        'people.changed',
      ]);
      return { rows: value?.attributes ?? none, loading, ...(problem && { problem }) };
    },
    keyOf: ({ name }) => name,
    iconOf: ({ flows }) => (flows.length === 0 ? 'warning' : 'properties'),
  }),
};

const none: readonly MetaverseAttribute[] = [];
