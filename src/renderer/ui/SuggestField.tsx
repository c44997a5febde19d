import { Field, Input, makeStyles } from '@fluentui/react-components';
import { useId } from 'react';

const useStyles = makeStyles({ field: { maxWidth: '360px' } });

export interface SuggestFieldProps {
  /** Ends with a colon. */
  readonly label: string;
  readonly value: string;
  readonly suggestions: readonly string[];
  readonly autoFocus?: boolean;
  onChange(value: string): void;
}

/** A box for one line of text that offers known words. */
export function SuggestField({ label, value, suggestions, autoFocus, onChange }: SuggestFieldProps) {
  const styles = useStyles();
  const list = useId();
  return (
    <Field label={label} size="small" className={styles.field}>
      <Input
        size="small"
        autoComplete="off"
        spellCheck={false}
        autoFocus={autoFocus}
        value={value}
        input={{ list }}
        contentAfter={
          <datalist id={list}>
            {suggestions.map((word) => (
              <option key={word} value={word} />
            ))}
          </datalist>
        }
        onChange={(_, data) => onChange(data.value)}
      />
    </Field>
  );
}
