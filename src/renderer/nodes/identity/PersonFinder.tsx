import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useDeferredValue, useState } from 'react';
import type { Column } from '#console/column.ts';
import { inOneLine } from '#console/problem-of.ts';
import { type Person, type PersonClause, personClauseSchema } from '#shared/contract/people.ts';
import { type Reading, useReading } from '#state/use-reading.ts';
import { TextField } from '#ui/TextField.tsx';

import { PlainList } from '../lists/PlainList.tsx';
import { ClauseFields } from './ClauseFields.tsx';

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

interface Found {
  onSelect?(persons: readonly Person[]): void;
  onOpen(person: Person): void;
}

export interface PersonFinderProps extends Found {
  readonly autoFocus?: boolean;
}

const newClause: PersonClause = { attribute: '', operator: 'equals', value: '' };

const keyOf = ({ id }: Person): string => String(id);
const iconOf = () => 'person' as const;

/** Finds persons of the metaverse: by the beginning of any attribute, or by clauses. */
export function PersonFinder({ autoFocus = false, onSelect, onOpen }: PersonFinderProps) {
  const styles = useStyles();
  const [text, setText] = useState('');
  const [clauses, setClauses] = useState<readonly PersonClause[]>([]);
  const asked = text.trim();
  const whole = clauses.filter((clause) => personClauseSchema.safeParse(clause).success);
  const show = onSelect === undefined ? { onOpen } : { onSelect, onOpen };
  return (
    <div className={styles.finder}>
      {clauses.length === 0 ? (
        <div className={styles.criteria}>
          <TextField
            label="An attribute starts with:"
            autoFocus={autoFocus}
            value={text}
            onChange={setText}
          />
          <Button size="small" onClick={() => setClauses([newClause])}>
            Search by clauses
          </Button>
        </div>
      ) : (
        <ClauseFields clauses={clauses} onChange={setClauses} />
      )}
      {whole.length > 0 ? (
        <FoundByClauses clauses={whole} {...show} />
      ) : clauses.length > 0 ? (
        <span className={styles.quiet}>Name an attribute and a value: every clause must hold.</span>
      ) : asked === '' ? (
        <span className={styles.quiet}>Type the beginning of a name, an account or an address.</span>
      ) : (
        <FoundByText text={asked} {...show} />
      )}
    </div>
  );
}

function FoundByText({ text, ...show }: Found & { readonly text: string }) {
  const reading = useReading('people.search', { text, limit: most }, ['people.changed']);
  return (
    <Results reading={reading} none={`No person has an attribute that starts with "${text}"`} {...show} />
  );
}

function FoundByClauses({ clauses, ...show }: Found & { readonly clauses: readonly PersonClause[] }) {
  // A letter more is not yet a question of its own.
  const asked = useDeferredValue(clauses);
  const reading = useReading('people.find', { clauses: [...asked], limit: most }, ['people.changed']);
  return <Results reading={reading} none="No person meets every clause" {...show} />;
}

interface ResultsProps extends Found {
  readonly reading: Reading<readonly Person[]>;
  readonly none: string;
}

function Results({ reading, none, onSelect, onOpen }: ResultsProps) {
  const { value, loading, problem } = reading;
  const rows = value ?? [];
  if (problem !== undefined) return <span role="alert">{inOneLine(problem)}</span>;
  return (
    <>
      <span role="status">
        {loading ? 'Searching...' : `${rows.length === most ? `The first ${most}` : rows.length} found`}
      </span>
      <PlainList
        label="Metaverse objects"
        columns={columns}
        rows={rows}
        empty={loading ? 'Searching...' : none}
        keyOf={keyOf}
        iconOf={iconOf}
        {...(onSelect && { onSelect })}
        onOpen={onOpen}
      />
    </>
  );
}
