import { Field, makeStyles, Select } from '@fluentui/react-components';

const useStyles = makeStyles({
  // Otherwise the longest choice decides the width, over whatever stands beside it.
  field: { maxWidth: '360px', gridTemplateColumns: 'minmax(0, 1fr)' },
  select: { width: '100%', minWidth: 0 },
});

export interface SelectFieldProps<T extends string> {
  /** Ends with a colon. */
  readonly label: string;
  readonly value: T;
  readonly choices: Readonly<Record<T, string>>;
  readonly disabled?: boolean;
  onChange(value: T): void;
}

/** One of many, in a list that drops down. */
export function SelectField<T extends string>(props: SelectFieldProps<T>) {
  const { label, value, choices, disabled, onChange } = props;
  const styles = useStyles();
  return (
    <Field label={label} size="small" className={styles.field}>
      <Select
        size="small"
        className={styles.select}
        select={{ className: styles.select }}
        value={value}
        disabled={disabled}
        onChange={(_, data) => onChange(data.value as T)}
      >
        {(Object.entries(choices) as [T, string][]).map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </Select>
    </Field>
  );
}
