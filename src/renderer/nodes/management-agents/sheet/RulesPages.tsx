import { makeStyles, tokens } from '@fluentui/react-components';

import type { Agent } from '#shared/model/agent.ts';

const useStyles = makeStyles({
  table: { borderCollapse: 'collapse', width: '100%', userSelect: 'text' },
  cell: {
    padding: '3px 8px',
    textAlign: 'left',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

interface RuleTableProps {
  readonly caption: string;
  readonly headings: readonly [string, string];
  readonly rows: readonly (readonly [string, string])[];
}

function RuleTable({ caption, headings, rows }: RuleTableProps) {
  const styles = useStyles();
  return (
    <table className={styles.table} aria-label={caption}>
      <thead>
        <tr>
          {headings.map((heading) => (
            <th key={heading} scope="col" className={styles.cell}>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, second], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are never reordered while they are shown
          <tr key={index}>
            <td className={styles.cell}>{first}</td>
            <td className={styles.cell}>{second}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Configure Join and Projection Rules, to be read: the rules are written in the configuration file. */
export function JoinRulesPage({ agent }: { readonly agent: Agent }) {
  const rows = agent.join.map(
    ({ mappings }, index) =>
      [
        String(index + 1),
        mappings.map(({ connector, person }) => `${connector} = person's ${person}`).join(' and '),
      ] as const,
  );
  return (
    <>
      {rows.length === 0 ? (
        <span>No join rule: objects of this agent join nobody.</span>
      ) : (
        <RuleTable
          caption="Join rules"
          headings={['Order', 'An object joins the person where']}
          rows={rows}
        />
      )}
      <span>
        {agent.project
          ? 'Projection: an object that joins nobody becomes a person.'
          : 'Projection: none. An object that joins nobody stays a disconnector.'}
      </span>
    </>
  );
}

/** Configure Attribute Flow, to be read. */
export function AttributeFlowPage({ agent }: { readonly agent: Agent }) {
  if (agent.flow.length === 0) return <span>No attribute flows from this agent to its persons.</span>;
  return (
    <RuleTable
      caption="Import attribute flow"
      headings={["Object's attribute", "Person's attribute"]}
      rows={agent.flow.map(({ connector, person }) => [connector, person] as const)}
    />
  );
}
