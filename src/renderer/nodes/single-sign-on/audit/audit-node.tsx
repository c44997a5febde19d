import { makeStyles, tokens } from '@fluentui/react-components';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { AuditLine, auditTableSchema } from '#shared/contract/audit-line.ts';
import { useReading } from '#state/use-reading.ts';
import { SelectField } from '#ui/SelectField.tsx';

import { listDataOf } from '../../lists/list-data-of.ts';
import type { NodeServices } from '../../node-services.ts';

type Table = (typeof auditTableSchema.options)[number];

const tables: Readonly<Record<Table, string>> = {
  administration: 'Administration',
  'deleted-applications': 'Deleted applications',
  'deleted-mappings': 'Deleted mappings',
  'external-credential-lookups': 'External credential lookups',
  'windows-credential-lookups': 'Windows credential lookups',
};

/** The table that is looked at; kept while the console is open. */
const chosen = createStore<{ readonly table: Table }>(() => ({ table: 'administration' }));

const columns: readonly Column<AuditLine>[] = [
  { id: 'at', title: 'Time', width: 176, kind: 'time', value: (row) => row.at },
  {
    id: 'event',
    title: 'Event',
    width: 60,
    kind: 'number',
    value: (row) => row.event,
    text: (row) => String(row.event),
  },
  { id: 'message', title: 'Message', width: 420, value: (row) => row.message },
  { id: 'caller', title: 'Caller', width: 150, spare: true, value: (row) => row.caller },
  { id: 'application', title: 'Application', width: 110, spare: true, value: (row) => row.application },
  { id: 'adapter', title: 'Adapter', width: 110, spare: true, value: (row) => row.adapter },
  { id: 'windows', title: 'Windows account', width: 150, spare: true, value: (row) => row.windowsAccount },
  { id: 'external', title: 'External user', width: 120, spare: true, value: (row) => row.externalUser },
  { id: 'sequence', title: 'Number', width: 80, kind: 'number', hidden: true, value: (row) => row.sequence },
  { id: 'tracking', title: 'Tracking ID', width: 260, hidden: true, value: (row) => row.trackingId },
];

const useStyles = makeStyles({
  bar: { padding: '6px 8px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
});

function TableChoice() {
  const styles = useStyles();
  const { table } = useStore(chosen);
  return (
    <div role="search" aria-label="Audit table" className={styles.bar}>
      <SelectField
        label="Table:"
        value={table}
        choices={tables}
        onChange={(next) => chosen.setState({ table: next })}
      />
    </div>
  );
}

/** Audit: what was done and refused, deleted and looked up, in chains that show a missing line. */
export function auditNode({ session, notify }: NodeServices): ScopeNode {
  return {
    id: 'sso-audit',
    label: 'Audit',
    icon: 'events',
    help: 'sso-audit',
    verbs: () => [
      {
        id: 'sso.audit.verify',
        label: 'Verify',
        slot: 'top',
        accessKey: 'v',
        run: async () => {
          const { lines, findings } = await session.client.call('sso.verifyAudit', {});
          const [first] = findings;
          notify(
            first === undefined
              ? { tone: 'success', title: `All ${lines} lines are as they were written` }
              : {
                  tone: 'problem',
                  title: `The audit was altered in ${findings.length} places`,
                  body: `${tables[first.table]}: ${first.problem}`,
                },
          );
        },
      },
    ],
    list: opaqueList<AuditLine>({
      columns,
      Header: TableChoice,
      empty: { title: 'The table is empty', hint: 'Nothing of this kind was done so far.' },
      useRows: () => {
        const { table } = useStore(chosen);
        return listDataOf(useReading('sso.audit', { table, limit: 1000 }, ['sso.changed']));
      },
      keyOf: (row) => String(row.sequence),
      iconOf: () => 'events',
    }),
  };
}
