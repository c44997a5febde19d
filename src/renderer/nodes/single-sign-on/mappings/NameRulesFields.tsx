import { makeStyles } from '@fluentui/react-components';

import { type NameRules, nameRulesSchema } from '#shared/model/sso-name-rules.ts';
import { makeExternalName } from '#shared/text/external-name.ts';
import { numberRange } from '#state/number-range.ts';
import { FactList } from '#ui/FactList.tsx';
import { NumberField } from '#ui/NumberField.tsx';
import { SelectField } from '#ui/SelectField.tsx';
import { TextField } from '#ui/TextField.tsx';

const letters: Readonly<Record<NameRules['user'], string>> = {
  omit: 'Leave out',
  'as-is': 'As is',
  upper: 'Upper case',
  lower: 'Lower case',
};
const limitRange = numberRange(nameRulesSchema.shape.limit);

const useStyles = makeStyles({
  columns: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(max(180px, 40%), 1fr))',
    gap: '6px 16px',
    alignItems: 'start',
  },
});

export interface NameRulesFieldsProps {
  readonly rules: NameRules;
  /** Account of the example, `DOMAIN\user`. */
  readonly sample: string;
  /** What the rules make: `External user:`. */
  readonly result: string;
  onChange(rules: NameRules): void;
}

/** How a name or a password is built of a Windows account, with a live example. */
export function NameRulesFields({ rules, sample, result, onChange }: NameRulesFieldsProps) {
  const styles = useStyles();
  const set = (part: Partial<NameRules>): void => onChange({ ...rules, ...part });
  const [domain = '', user = ''] = sample.split('\\');
  const text = (key: 'remove' | 'prepend' | 'separator' | 'append', label: string) => (
    <TextField
      label={label}
      value={rules[key]}
      error={rules[key].length > 64 ? 'Enter at most 64 characters' : undefined}
      onChange={(value) => set({ [key]: value })}
    />
  );
  return (
    <>
      <div className={styles.columns}>
        <SelectField
          label="Windows domain name using:"
          value={rules.domain}
          choices={letters}
          onChange={(choice) => set({ domain: choice })}
        />
        <SelectField
          label="Windows user name using:"
          value={rules.user}
          choices={letters}
          onChange={(choice) => set({ user: choice })}
        />
        {text('remove', 'Remove characters:')}
        {text('separator', 'Domain/user separator characters:')}
        {text('prepend', 'Prepend characters:')}
        {text('append', 'Append characters:')}
        <NumberField
          label="Limit the number of characters:"
          value={rules.limit}
          optional
          {...limitRange}
          onChange={(limit) => set({ limit })}
        />
      </div>
      <FactList
        facts={[
          { term: 'Windows domain:', value: domain },
          { term: 'Windows user:', value: user },
          { term: result, value: makeExternalName(rules, sample) || 'Nothing is left' },
        ]}
      />
    </>
  );
}
