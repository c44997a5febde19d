import { Field, Textarea } from '@fluentui/react-components';
import { useState } from 'react';

export interface LinesFieldProps {
  /** Ends with a colon. */
  readonly label: string;
  readonly lines: readonly string[];
  readonly error?: string | undefined;
  readonly hint?: string;
  onChange(lines: readonly string[]): void;
}

/** A list of texts, one a line. */
export function LinesField({ label, lines, error, hint, onChange }: LinesFieldProps) {
  const [text, setText] = useState('');
  // The text stays what was typed as long as it means the same; lines from elsewhere replace it.
  const shown = linesOf(text).join('\n') === lines.join('\n') ? text : lines.join('\n');
  return (
    <Field
      label={label}
      size="small"
      hint={hint}
      validationMessage={error}
      validationState={error === undefined ? 'none' : 'error'}
    >
      <Textarea
        size="small"
        rows={2}
        spellCheck={false}
        value={shown}
        onChange={(_, data) => {
          setText(data.value);
          onChange(linesOf(data.value));
        }}
      />
    </Field>
  );
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => line.trim() || []);
}
