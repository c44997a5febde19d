import { Button, makeStyles, tokens } from '@fluentui/react-components';

import type { MetaverseAttribute } from '#shared/contract/people.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { MetaverseRules } from '#shared/model/identity-rules.ts';
import type { ConfigurationReading, Draft } from '#state/use-draft.ts';

import { ConfigurationSheet } from '../configuration/ConfigurationSheet.tsx';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyle: 'none', border: `1px solid ${tokens.colorNeutralStroke1}` },
  item: {
    display: 'grid',
    gridTemplateColumns: '28px 1fr auto',
    alignItems: 'center',
    gap: '8px',
    padding: '4px 8px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    ':last-child': { borderBottom: 'none' },
  },
  rank: { textAlign: 'right', color: tokens.colorNeutralForeground2 },
  source: { color: tokens.colorNeutralForeground2, display: 'block' },
  moves: { display: 'flex', gap: '4px' },
});

export interface PrecedenceSheetProps {
  readonly attribute: MetaverseAttribute;
  readonly reading: ConfigurationReading;
  onClose(): void;
}

/** Configure Attribute Flow Precedence: which agent's value wins where several have one. */
export function PrecedenceSheet({ attribute, reading, onClose }: PrecedenceSheetProps) {
  return (
    <ConfigurationSheet<MetaverseRules>
      title={`Attribute Flow Precedence of ${attribute.name}`}
      help="metaverse-designer"
      reading={reading}
      find={() => ['metaverse']}
      pages={(draft) => [
        {
          id: 'precedence',
          title: 'Precedence',
          fields: ['precedence'],
          content: <PrecedencePage attribute={attribute} draft={draft} />,
        },
      ]}
      onClose={onClose}
    />
  );
}

interface PrecedencePageProps {
  readonly attribute: MetaverseAttribute;
  readonly draft: Draft<MetaverseRules>;
}

function PrecedencePage({ attribute, draft }: PrecedencePageProps) {
  const styles = useStyles();
  const { value, change } = draft;
  const key = attribute.name.toLowerCase();
  const others = value.precedence.filter((rule) => rule.attribute.toLowerCase() !== key);
  const ranked = value.precedence.find((rule) => rule.attribute.toLowerCase() === key)?.agents ?? [];
  const sources = [...new Map(attribute.flows.map((flow) => [flow.agent, flow])).values()];
  const rank = (agent: AgentId): number => (ranked.includes(agent) ? ranked.indexOf(agent) : ranked.length);
  const order = [...sources].sort((left, right) => rank(left.agent) - rank(right.agent));
  const swap = (at: number): void => {
    const agents = order.map(({ agent }) => agent);
    const [above, here] = [agents[at - 1], agents[at]];
    if (above === undefined || here === undefined) return;
    const next = [...agents.slice(0, at - 1), here, above, ...agents.slice(at + 1)];
    change({ ...value, precedence: [...others, { attribute: attribute.name, agents: next }] });
  };
  return (
    <>
      <span>{`The first of these that has a value gives "${attribute.name}" to the person.`}</span>
      <ol className={styles.list} aria-label="Precedence">
        {order.map(({ agent, agentName, attribute: from }, index) => (
          <li key={agent} className={styles.item}>
            <span className={styles.rank}>{index + 1}</span>
            <span>
              {agentName}
              <span className={styles.source}>{from}</span>
            </span>
            <span className={styles.moves}>
              <Button
                size="small"
                aria-label={`Move ${agentName} up`}
                disabled={index === 0}
                onClick={() => swap(index)}
              >
                Up
              </Button>
              <Button
                size="small"
                aria-label={`Move ${agentName} down`}
                disabled={index === order.length - 1}
                onClick={() => swap(index + 1)}
              >
                Down
              </Button>
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
