import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { MetaverseAttribute } from '#shared/contract/people.ts';
import { useReading } from '#state/use-reading.ts';

import { listDataOf } from '../lists/list-data-of.ts';
import type { NodeServices } from '../node-services.ts';
import { exportVerb } from '../snapshots/export-verb.ts';
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
export function metaverseDesignerNode({ session, openDialog }: NodeServices): ScopeNode {
  const read = () => session.client.call('configuration.get', {});
  return {
    id: 'designer',
    label: 'Metaverse Designer',
    icon: 'properties',
    help: 'metaverse-designer',
    verbs: () => [
      {
        id: 'designer.deletion',
        label: 'Configure Object Deletion Rule',
        slot: 'top',
        accessKey: 'o',
        run: async () => {
          const [{ DeletionRuleSheet }, reading] = await Promise.all([
            import('./DeletionRuleSheet.tsx'),
            read(),
          ]);
          openDialog((close) => <DeletionRuleSheet reading={reading} onClose={close} />);
        },
      },
      exportVerb({ session }, ['metaverse']),
    ],
    list: opaqueList<MetaverseAttribute>({
      label: 'Attributes',
      columns,
      Header: ObjectTypes,
      empty: {
        title: 'No attributes',
        hint: 'An attribute appears here when the attribute flow or a join rule of a management agent names it.',
      },
      useRows: () => {
        const reading = useReading('people.schema', {}, ['configuration.changed', 'people.changed']);
        return listDataOf({ ...reading, value: reading.value?.attributes });
      },
      keyOf: ({ name }) => name,
      iconOf: ({ flows }) => (flows.length === 0 ? 'warning' : 'properties'),
      verbsOf: ([attribute, ...others]) =>
        attribute === undefined || others.length > 0
          ? []
          : [
              {
                id: 'designer.precedence',
                label: 'Configure Attribute Flow Precedence',
                slot: 'top',
                accessKey: 'p',
                isDefault: true,
                ...(new Set(attribute.flows.map(({ agent }) => agent)).size < 2 && {
                  disabled: 'Fewer than two management agents give it a value',
                }),
                run: async () => {
                  const [{ PrecedenceSheet }, reading] = await Promise.all([
                    import('./PrecedenceSheet.tsx'),
                    read(),
                  ]);
                  openDialog((close) => (
                    <PrecedenceSheet attribute={attribute} reading={reading} onClose={close} />
                  ));
                },
              },
            ],
    }),
  };
}
