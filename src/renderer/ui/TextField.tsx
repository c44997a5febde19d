import { Field, Input, makeStyles } from '@fluentui/react-components';

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
  onChange(value: string): void;
}

/** A box for one line of text, with its error beside it. */
export function TextField(props: TextFieldProps) {
  const { label, value, error, hint, password, disabled, autoFocus, required, onChange } = props;
  const styles = useStyles();
  return (
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
      />
    </Field>
  );
}
