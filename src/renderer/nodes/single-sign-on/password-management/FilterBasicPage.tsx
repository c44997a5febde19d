import { Button, makeStyles } from '@fluentui/react-components';
import type { SsoPasswordFilter } from '#shared/model/sso-password-filter.ts';
import { type PasswordFilterRules, passwordFilterRulesSchema } from '#shared/model/sso-password-filter.ts';
import { numberRange } from '#state/number-range.ts';
import { ChoiceField } from '#ui/ChoiceField.tsx';
import { NumberField } from '#ui/NumberField.tsx';
import { TextField } from '#ui/TextField.tsx';

import type { DefinitionEdit } from '../definition/definition-edit.ts';
import { FilterPreview } from './FilterPreview.tsx';

const { maximumLength } = passwordFilterRulesSchema.shape;
const standard = passwordFilterRulesSchema.parse({});
const formats = { upper: 'Upper case', lower: 'Lower case', 'as-is': 'As is' } as const;

const useStyles = makeStyles({
  columns: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(max(180px, 40%), 1fr))',
    gap: '8px 16px',
    alignItems: 'start',
  },
  stack: { display: 'flex', flexDirection: 'column', gap: '8px' },
});

/** Basic: case, characters to remove, maximum length, and what comes of it. */
export function FilterBasicPage({ value, set }: DefinitionEdit<SsoPasswordFilter>) {
  const styles = useStyles();
  const { rules } = value;
  const change = (part: Partial<PasswordFilterRules>): void => set({ rules: { ...rules, ...part } });
  return (
    <>
      <div className={styles.columns}>
        <ChoiceField
          label="Format:"
          value={rules.format}
          choices={formats}
          onChange={(format) => change({ format })}
        />
        <div className={styles.stack}>
          <TextField
            label="Remove these characters:"
            value={rules.remove}
            error={rules.remove.length > 256 ? 'Enter at most 256 characters' : undefined}
            onChange={(remove) => change({ remove })}
          />
          <NumberField
            label="Maximum length:"
            value={rules.maximumLength}
            optional
            {...numberRange(maximumLength)}
            onChange={(length) => change({ maximumLength: length })}
          />
          <div>
            <Button
              size="small"
              onClick={() => change({ format: standard.format, remove: '', maximumLength: undefined })}
            >
              Clear
            </Button>
          </div>
        </div>
      </div>
      <FilterPreview rules={rules} />
    </>
  );
}
