import { Checkbox } from '@fluentui/react-components';

import { ChoiceLabel } from './ChoiceLabel.tsx';

export interface CheckFieldProps {
  /** A positive phrase without end punctuation. */
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  onChange(checked: boolean): void;
}

export function CheckField({ label, checked, disabled, onChange }: CheckFieldProps) {
  return (
    <Checkbox
      label={{ children: <ChoiceLabel words={label} disabled={disabled} />, size: 'small' }}
      size="medium"
      checked={checked}
      disabled={disabled}
      onChange={(_, data) => onChange(data.checked === true)}
    />
  );
}
