import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';

import { useReading } from '#state/use-reading.ts';
import { SelectField } from '#ui/SelectField.tsx';
import { TextField } from '#ui/TextField.tsx';

import { type ChangeFilter, everything } from './change-filter.ts';
import { outcomeChoices } from './outcome.ts';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    gap: '12px',
    alignItems: 'flex-end',
    flexWrap: 'wrap',
    padding: '6px 8px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    // All in one row: a target's name may be long.
    '& > *': { maxWidth: '160px' },
  },
});

/** Narrows a list of changes by person, target and outcome. */
export function FilterBar({ store }: { readonly store: StoreApi<ChangeFilter> }) {
  const styles = useStyles();
  const filter = useStore(store);
  const { value: agents } = useReading('agents.list', {}, ['configuration.changed']);
  const isNarrow = filter.person !== '' || filter.target !== '' || filter.outcome !== '';
  return (
    <div role="search" aria-label="Filter of changes" className={styles.bar}>
      <TextField label="Person:" value={filter.person} onChange={(person) => store.setState({ person })} />
      <SelectField
        label="Target:"
        value={filter.target}
        choices={{
          '': 'All targets',
          ...Object.fromEntries((agents ?? []).map(({ id, name }) => [id, name])),
        }}
        onChange={(target) => store.setState({ target })}
      />
      <SelectField
        label="Outcome:"
        value={filter.outcome}
        choices={{ '': 'All outcomes', ...outcomeChoices }}
        onChange={(outcome) => store.setState({ outcome })}
      />
      <Button size="small" disabled={!isNarrow} onClick={() => store.setState(everything)}>
        Clear filter
      </Button>
    </div>
  );
}
