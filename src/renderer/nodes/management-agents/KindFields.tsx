import { useState } from 'react';

import { TextField } from '#ui/TextField.tsx';

import { readField } from './field-text.ts';
import type { KindField } from './kind-fields.ts';

export interface KindFieldsProps {
  readonly fields: readonly KindField[];
  /** The agent, or as much of it as there is. */
  readonly value: unknown;
  /** Values that are offered for a field. */
  suggestions?(field: KindField): readonly string[];
  error(field: KindField): string | undefined;
  onChange(field: KindField, text: string): void;
}

/** The settings that a kind of system has of its own. */
export function KindFields({ fields, value, suggestions, error, onChange }: KindFieldsProps) {
  return fields.map((field) => (
    <TypedField
      key={field.path.join('.')}
      field={field}
      initial={readField(value, field)}
      suggestions={suggestions?.(field) ?? []}
      error={error(field)}
      onChange={(text) => onChange(field, text)}
    />
  ));
}

interface TypedFieldProps {
  readonly field: KindField;
  readonly initial: string;
  readonly suggestions: readonly string[];
  readonly error: string | undefined;
  onChange(text: string): void;
}

/** Keeps what is typed as it is typed: a list in the middle of a word is no list yet. */
function TypedField({ field, initial, suggestions, error, onChange }: TypedFieldProps) {
  const [text, setText] = useState(initial);
  const { label, hint, required = false } = field;
  return (
    <TextField
      label={label}
      required={required}
      {...(hint !== undefined && { hint })}
      value={text}
      suggestions={suggestions}
      error={error}
      onChange={(typed) => {
        setText(typed);
        onChange(typed);
      }}
    />
  );
}
