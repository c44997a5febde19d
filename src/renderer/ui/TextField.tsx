import { Field, Input, makeStyles } from '@fluentui/react-components';
import { useId } from 'react';

const useStyles = makeStyles({ field: { maxWidth: '360px' } });

export interface TextFieldProps {
  /** Ends with a colon. */
  readonly label: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly hint?: string;
  readonly password?: boolean;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
  readonly required?: boolean;
  /** Values that are offered while one types. */
  readonly suggestions?: readonly string[];
  onChange(value: string): void;
}

/** A box for one line of text, with its error beside it. */
export function TextField(props: TextFieldProps) {
  const { label, value, error, hint, password, disabled, autoFocus, required, onChange } = props;
  const { suggestions = [] } = props;
  const styles = useStyles();
  const list = useId();
  const field = (
    <Field
      label={label}
      size="small"
      className={styles.field}
      hint={hint}
      required={required}
      validationMessage={error}
      validationState={error === undefined ? 'none' : 'error'}
    >
      <Input
        size="small"
        type={password ? 'password' : 'text'}
        autoComplete={password ? 'new-password' : 'off'}
        spellCheck={false}
        value={value}
        disabled={disabled}
        autoFocus={autoFocus}
        onChange={(_, data) => onChange(data.value)}
        {...(suggestions.length > 0 && { input: { list } })}
      />
    </Field>
  );
  if (suggestions.length === 0) return field;
  return (
    <>
      {field}
      <datalist id={list}>
        {suggestions.map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
    </>
  );
}
