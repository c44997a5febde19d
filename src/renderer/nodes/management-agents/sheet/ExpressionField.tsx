import { Field, makeStyles, Textarea, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({ text: { fontFamily: tokens.fontFamilyMonospace } });

export interface ExpressionFieldProps {
  /** Ends with a colon. */
  readonly label: string;
  readonly value: string;
  readonly example: string;
  readonly error: string | undefined;
  onChange(value: string): void;
}

/** A rule in the Common Expression Language. */
export function ExpressionField({ label, value, example, error, onChange }: ExpressionFieldProps) {
  const styles = useStyles();
  return (
    <Field
      label={label}
      size="small"
      hint={`For example ${example}`}
      validationMessage={error}
      validationState={error === undefined ? 'none' : 'error'}
    >
      <Textarea
        size="small"
        rows={2}
        spellCheck={false}
        textarea={{ className: styles.text }}
        value={value}
        onChange={(_, data) => onChange(data.value)}
      />
    </Field>
  );
}
