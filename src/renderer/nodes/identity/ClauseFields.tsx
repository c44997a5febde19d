import { Button, makeStyles } from '@fluentui/react-components';

import type { PersonClause, PersonOperator } from '#shared/contract/people.ts';
import { useReading } from '#state/use-reading.ts';
import { SelectField } from '#ui/SelectField.tsx';
import { SuggestField } from '#ui/SuggestField.tsx';
import { TextField } from '#ui/TextField.tsx';

const useStyles = makeStyles({
  clauses: { display: 'flex', flexDirection: 'column', gap: '6px', maxWidth: '760px' },
  clause: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) 170px minmax(0, 1fr) 80px',
    gap: '8px',
    alignItems: 'start',
    '@media (max-width: 700px)': { gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)' },
  },
  remove: { marginTop: '20px' },
  row: { display: 'flex', gap: '8px' },
});

const operators: Readonly<Record<PersonOperator, string>> = {
  equals: 'Equals',
  contains: 'Contains',
  'does-not-contain': 'Does not contain',
  'is-present': 'Is present',
  'is-not-present': 'Is not present',
  'starts-with': 'Starts with',
  'ends-with': 'Ends with',
};

const most = 16;
const isBare = (operator: PersonOperator): boolean => operator.endsWith('present');

export interface ClauseFieldsProps {
  readonly clauses: readonly PersonClause[];
  /** Without any the search is by text again. */
  onChange(clauses: readonly PersonClause[]): void;
}

/** The clauses of a metaverse search: attribute, operator, value; all of them must hold. */
export function ClauseFields({ clauses, onChange }: ClauseFieldsProps) {
  const styles = useStyles();
  const { value: schema } = useReading('people.schema', {}, ['configuration.changed']);
  const names = schema?.attributes.map(({ name }) => name) ?? [];
  const set = (at: number, { attribute, operator, value = '' }: PersonClause): void => {
    const made = isBare(operator) ? { attribute, operator } : { attribute, operator, value };
    onChange(clauses.map((other, index) => (index === at ? made : other)));
  };
  return (
    <section aria-label="Clauses" className={styles.clauses}>
      {clauses.map((clause, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a clause has no name; its place is what it is
        <div key={index} className={styles.clause}>
          <SuggestField
            label="Attribute:"
            autoFocus={index === clauses.length - 1}
            value={clause.attribute}
            suggestions={names}
            onChange={(attribute) => set(index, { ...clause, attribute })}
          />
          <SelectField<PersonOperator>
            label="Operator:"
            value={clause.operator}
            choices={operators}
            onChange={(operator) => set(index, { ...clause, operator })}
          />
          {isBare(clause.operator) ? (
            <span />
          ) : (
            <TextField
              label="Value:"
              value={clause.value ?? ''}
              onChange={(value) => set(index, { ...clause, value })}
            />
          )}
          <Button
            size="small"
            className={styles.remove}
            onClick={() => onChange(clauses.filter((_, at) => at !== index))}
          >
            Remove
          </Button>
        </div>
      ))}
      <div className={styles.row}>
        <Button
          size="small"
          disabled={clauses.length >= most}
          onClick={() => onChange([...clauses, { attribute: '', operator: 'equals', value: '' }])}
        >
          Add clause
        </Button>
        <Button size="small" onClick={() => onChange([])}>
          Clear clauses
        </Button>
      </div>
    </section>
  );
}
