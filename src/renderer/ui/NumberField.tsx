import { Field, Input, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';

const useStyles = makeStyles({ field: { maxWidth: '360px' }, input: { width: '128px' } });

export interface NumberFieldProps {
  /** Ends with a colon and names the unit. */
  readonly label: string;
  /** NaN where the text is no number; undefined where an optional one is empty. */
  readonly value: number | undefined;
  readonly min: number;
  readonly max: number;
  readonly optional?: boolean;
  readonly disabled?: boolean;
  onChange(value: number | undefined): void;
}

/** A whole number within its documented range; what does not hold is said while it is typed. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, min, max, optional = false, disabled, onChange } = props;
  const styles = useStyles();
  const [text, setText] = useState(String(value ?? ''));
  // The text stays what was typed as long as it means the same; a value from elsewhere replaces it.
  const shown = Object.is(parse(text), value) ? text : Number.isNaN(value) ? text : String(value ?? '');
  const holds = value === undefined ? optional : value >= min && value <= max;
  return (
    <Field
      label={label}
      size="small"
      className={styles.field}
      validationMessage={holds ? undefined : `Enter a whole number from ${min} to ${max}`}
      validationState={holds ? 'none' : 'error'}
    >
      <Input
        size="small"
        type="number"
        className={styles.input}
        min={min}
        max={max}
        step={1}
        value={shown}
        disabled={disabled}
        onChange={(_, data) => {
          setText(data.value);
          const next = parse(data.value);
          onChange(next === undefined && !optional ? Number.NaN : next);
        }}
      />
    </Field>
  );
}

function parse(text: string): number | undefined {
  if (text === '') return undefined;
  return /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
