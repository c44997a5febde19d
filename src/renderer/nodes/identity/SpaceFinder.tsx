import { makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import { inOneLine } from '#console/problem-of.ts';
import type { SpaceRow } from '#shared/contract/space.ts';
import { useReading } from '#state/use-reading.ts';
import { SelectField } from '#ui/SelectField.tsx';
import { TextField } from '#ui/TextField.tsx';

import { PlainList } from '../lists/PlainList.tsx';
import { spaceColumns } from './space-columns.ts';
import { stateIcons, stateWords } from './space-words.ts';

const useStyles = makeStyles({
  finder: { display: 'flex', flexDirection: 'column', gap: '8px', flexGrow: 1, minHeight: 0, minWidth: 0 },
  criteria: { display: 'flex', gap: '8px', alignItems: 'flex-end', flexWrap: 'wrap' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Objects that one search shows. */
const most = 500;

const scopes = {
  all: 'All objects',
  disconnectors: 'All disconnectors',
  ...stateWords,
} as const;
export type SpaceScope = keyof typeof scopes;

const statesOf = (scope: SpaceScope): readonly SpaceRow['state'][] | undefined => {
  if (scope === 'all') return undefined;
  return scope === 'disconnectors' ? ['disconnector', 'explicit-disconnector', 'filtered'] : [scope];
};

export interface SpaceFinderProps {
  /** Id of the agent whose connector space is searched. */
  readonly agent: string;
  readonly initialScope: SpaceScope;
  onSelect?(rows: readonly SpaceRow[]): void;
  onOpen(row: SpaceRow): void;
}

const keyOf = (row: SpaceRow): string => String(row.id);
const iconOf = (row: SpaceRow) => stateIcons[row.state];

/** Search Connector Space: objects of one agent by state and name. */
export function SpaceFinder({ agent, initialScope, onSelect, onOpen }: SpaceFinderProps) {
  const styles = useStyles();
  const [scope, setScope] = useState<SpaceScope>(initialScope);
  const [text, setText] = useState('');
  const states = statesOf(scope);
  const { value, loading, problem } = useReading(
    'space.search',
    { agent, text: text.trim(), limit: most, ...(states && { states: [...states] }) },
    ['people.changed', 'agents.changed'],
  );
  const rows = value ?? [];
  return (
    <div className={styles.finder}>
      <div className={styles.criteria}>
        <SelectField<SpaceScope> label="Scope:" value={scope} choices={scopes} onChange={setScope} />
        <TextField label="Distinguished name contains:" value={text} onChange={setText} />
        <span role="status" className={styles.quiet}>
          {problem !== undefined
            ? inOneLine(problem)
            : loading
              ? 'Searching...'
              : `${rows.length === most ? `The first ${most}` : rows.length} found`}
        </span>
      </div>
      <PlainList
        label="Connector space objects"
        columns={spaceColumns}
        rows={rows}
        empty={loading ? 'Searching...' : 'No object is in this scope'}
        keyOf={keyOf}
        iconOf={iconOf}
        {...(onSelect && { onSelect })}
        onOpen={onOpen}
      />
    </div>
  );
}
