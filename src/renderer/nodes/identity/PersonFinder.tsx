import { makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import type { Column } from '#console/column.ts';
import type { Person } from '#shared/contract/people.ts';
import { useReading } from '#state/use-reading.ts';
import { TextField } from '#ui/TextField.tsx';

import { PlainList } from '../lists/PlainList.tsx';

const useStyles = makeStyles({
  finder: { display: 'flex', flexDirection: 'column', gap: '8px', flexGrow: 1, minHeight: 0, minWidth: 0 },
  criteria: { display: 'flex', gap: '8px', alignItems: 'flex-end', flexWrap: 'wrap' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Persons that one search shows. */
const most = 200;

const nameOf = (person: Person): string => person.displayName ?? `Person ${person.id}`;

const columns: readonly Column<Person>[] = [
  { id: 'name', title: 'Name', width: 190, value: nameOf },
  {
    id: 'attributes',
    title: 'Attributes',
    width: 300,
    value: ({ attributes }) =>
      Object.entries(attributes)
        .map(([name, values]) => `${name}: ${values.join(', ')}`)
        .join('; '),
  },
  {
    id: 'connectors',
    title: 'Joined in',
    width: 220,
    value: ({ connectors }) => connectors.map(({ agentName }) => agentName).join(', '),
  },
  { id: 'type', title: 'Object type', width: 90, value: ({ objectType }) => objectType },
];

export interface PersonFinderProps {
  readonly autoFocus?: boolean;
  onSelect?(persons: readonly Person[]): void;
  onOpen(person: Person): void;
}

const keyOf = ({ id }: Person): string => String(id);
const iconOf = () => 'person' as const;

/** Finds persons of the metaverse by the beginning of any attribute. */
export function PersonFinder({ autoFocus = false, onSelect, onOpen }: PersonFinderProps) {
  const styles = useStyles();
  const [text, setText] = useState('');
  const asked = text.trim();
  return (
    <div className={styles.finder}>
      <div className={styles.criteria}>
        <TextField label="An attribute starts with:" autoFocus={autoFocus} value={text} onChange={setText} />
      </div>
      {asked === '' ? (
        <span className={styles.quiet}>Type the beginning of a name, an account or an address.</span>
      ) : (
        <Found text={asked} {...(onSelect && { onSelect })} onOpen={onOpen} />
      )}
    </div>
  );
}

function Found({ text, onSelect, onOpen }: PersonFinderProps & { readonly text: string }) {
  const { value, loading, problem } = useReading('people.search', { text, limit: most }, ['people.changed']);
  const rows = value ?? [];
  if (problem !== undefined) return <span role="alert">{`${problem.message}. ${problem.fix ?? ''}`}</span>;
  return (
    <>
      <span role="status">
        {loading ? 'Searching...' : `${rows.length === most ? `The first ${most}` : rows.length} found`}
      </span>
      <PlainList
        label="Metaverse objects"
        columns={columns}
        rows={rows}
        empty={loading ? 'Searching...' : `No person has an attribute that starts with "${text}"`}
        keyOf={keyOf}
        iconOf={iconOf}
        {...(onSelect && { onSelect })}
        onOpen={onOpen}
      />
    </>
  );
}
