import { Field, Radio, RadioGroup } from '@fluentui/react-components';

import { ChoiceLabel } from './ChoiceLabel.tsx';

export interface ChoiceFieldProps<T extends string> {
  /** Ends with a colon. */
  readonly label: string;
  readonly value: T;
  /** Label by value, in the order shown. */
  readonly choices: Readonly<Record<T, string>>;
  readonly disabled?: boolean;
  onChange(value: T): void;
}

/** One of a few, all of them in sight. */
export function ChoiceField<T extends string>(props: ChoiceFieldProps<T>) {
  const { label, value, choices, disabled, onChange } = props;
  return (
    <Field label={label} size="small">
      <RadioGroup value={value} disabled={disabled} onChange={(_, data) => onChange(data.value as T)}>
        {(Object.entries(choices) as [T, string][]).map(([choice, words]) => (
          <Radio
            key={choice}
            value={choice}
            label={{ children: <ChoiceLabel words={words} disabled={disabled} />, size: 'small' }}
          />
        ))}
      </RadioGroup>
    </Field>
  );
}
