import { Button, makeStyles } from '@fluentui/react-components';

import type { FilterCondition, FilterOperator } from '#shared/model/identity-rules.ts';
import { SelectField } from '#ui/SelectField.tsx';
import { TextField } from '#ui/TextField.tsx';

const useStyles = makeStyles({
  condition: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1fr) 80px',
    gap: '8px',
    alignItems: 'start',
    '@media (max-width: 700px)': { gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)' },
  },
  remove: { marginTop: '20px' },
});

const operators: Readonly<Record<FilterOperator, string>> = {
  equals: 'Equals',
  'does-not-equal': 'Does not equal',
  'starts-with': 'Starts with',
  'does-not-start-with': 'Does not start with',
  'ends-with': 'Ends with',
  'does-not-end-with': 'Does not end with',
  contains: 'Contains',
  'does-not-contain': 'Does not contain',
  'is-present': 'Is present',
  'is-not-present': 'Is not present',
};

const isBare = (operator: FilterOperator): boolean => operator.endsWith('present');

export interface ConditionFieldsProps {
  readonly condition: FilterCondition;
  readonly error: string | undefined;
  onChange(condition: FilterCondition): void;
  /** Absent where the condition has to stay. */
  onRemove?(): void;
}

/** One condition of a connector filter. */
export function ConditionFields({ condition, error, onChange, onRemove }: ConditionFieldsProps) {
  const styles = useStyles();
  const { attribute, operator, value = '' } = condition;
  const set = (name: string, how: FilterOperator, text: string): void =>
    onChange({ attribute: name, operator: how, ...(isBare(how) ? {} : { value: text }) });
  return (
    <div className={styles.condition}>
      <TextField
        label="Attribute:"
        value={attribute}
        error={error}
        onChange={(name) => set(name, operator, value)}
      />
      <SelectField<FilterOperator>
        label="Operator:"
        value={operator}
        choices={operators}
        onChange={(how) => set(attribute, how, value)}
      />
      {isBare(operator) ? (
        <span />
      ) : (
        <TextField label="Value:" value={value} onChange={(text) => set(attribute, operator, text)} />
      )}
      {onRemove === undefined ? null : (
        <Button className={styles.remove} size="small" onClick={onRemove}>
          Remove
        </Button>
      )}
    </div>
  );
}
