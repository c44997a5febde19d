import { Input, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { ScopeNode } from '#console/scope-node.ts';
import type { Person } from '#shared/contract/people.ts';
import { useReading } from '#state/use-reading.ts';
import { FactList } from '#ui/FactList.tsx';
import { Icon } from '#ui/Icon.tsx';

const useStyles = makeStyles({
  page: { padding: '12px', display: 'flex', flexDirection: 'column', gap: '12px' },
  search: { maxWidth: '420px' },
  person: { border: `1px solid ${tokens.colorNeutralStroke2}`, padding: '8px 12px' },
  name: {
    display: 'flex',
    alignItems: 'center',
    gap: '6px',
    margin: '0 0 6px',
    fontSize: tokens.fontSizeBase300,
  },
  connectors: { margin: '8px 0 0', paddingLeft: '24px', listStyleType: 'none' },
  connector: { display: 'flex', gap: '6px', alignItems: 'center', minHeight: '22px', userSelect: 'text' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Metaverse Search: a person and every object that is joined to it. */
export const metaverseSearchNode: ScopeNode = {
  id: 'search',
  label: 'Metaverse Search',
  icon: 'search',
  help: 'metaverse-search',
  Page: MetaverseSearch,
};

function MetaverseSearch() {
  const styles = useStyles();
  const [text, setText] = useState('');
  return (
    <div className={styles.page}>
      <Input
        className={styles.search}
        aria-label="Name, account or address"
        placeholder="Name, account or address"
        contentBefore={<Icon name="search" />}
        value={text}
        onChange={(_, { value }) => setText(value)}
      />
      {text.trim() === '' ? (
        <span className={styles.quiet}>
          Type a name to find a person and the objects that are joined to it.
        </span>
      ) : (
        <Found text={text.trim()} />
      )}
    </div>
  );
}

function Found({ text }: { readonly text: string }) {
  const styles = useStyles();
  const { value, loading, problem } = useReading('people.search', { text, limit: 50 }, ['people.changed']);
  if (problem !== undefined) return <span role="alert">{`${problem.message}. ${problem.fix ?? ''}`}</span>;
  if (loading) return <span role="status">Searching...</span>;
  if (value === undefined || value.length === 0)
    return <span role="status">{`No person contains "${text}"`}</span>;
  return (
    <>
      <span role="status" className={styles.quiet}>{`${value.length} persons`}</span>
      {value.map((person) => (
        <PersonCard key={person.id} person={person} />
      ))}
    </>
  );
}

function PersonCard({ person }: { readonly person: Person }) {
  const styles = useStyles();
  return (
    <section className={styles.person} aria-label={person.displayName ?? `Person ${person.id}`}>
      <h2 className={styles.name}>
        <Icon name="person" />
        {person.displayName ?? `Person ${person.id}`}
      </h2>
      <FactList
        facts={Object.entries(person.attributes).map(([term, values]) => ({
          term: `${term}:`,
          value: values.join(', '),
        }))}
      />
      <ul className={styles.connectors}>
        {person.connectors.map((connector) => (
          <li key={connector.id} className={styles.connector}>
            <Icon name="joiner" />
            <span>{connector.agentName}</span>
            <span className={styles.quiet}>{connector.dn}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
