import { Button, makeStyles } from '@fluentui/react-components';
import type { SsoPasswordFilter } from '#shared/model/sso-password-filter.ts';
import { type PasswordFilterRules, passwordFilterRulesSchema } from '#shared/model/sso-password-filter.ts';
import { numberRange } from '#state/number-range.ts';
import { ChoiceField } from '#ui/ChoiceField.tsx';
import { NumberField } from '#ui/NumberField.tsx';
import { TextField } from '#ui/TextField.tsx';

import { type DefinitionEdit, errorBelow } from '../definition/definition-edit.ts';
import { FilterPreview } from './FilterPreview.tsx';

const { minimumLength } = passwordFilterRulesSchema.shape;
const standard = passwordFilterRulesSchema.parse({});
const paddings = { beginning: 'At the beginning', end: 'At the end' } as const;

const useStyles = makeStyles({
  columns: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(max(180px, 40%), 1fr))',
    gap: '8px 16px',
    alignItems: 'start',
  },
  stack: { display: 'flex', flexDirection: 'column', gap: '8px' },
  pair: { display: 'flex', gap: '8px', alignItems: 'end' },
});

/** Advanced: substitutions and padding, and what comes of them. */
export function FilterAdvancedPage({ value, errors, set }: DefinitionEdit<SsoPasswordFilter>) {
  const styles = useStyles();
  const { rules } = value;
  const { substitute } = rules;
  const change = (part: Partial<PasswordFilterRules>): void => set({ rules: { ...rules, ...part } });
  const setPair = (index: number, part: Partial<{ from: string; to: string }>): void =>
    change({ substitute: substitute.map((pair, at) => (at === index ? { ...pair, ...part } : pair)) });
  return (
    <>
      <div className={styles.columns}>
        <div className={styles.stack}>
          {substitute.map(({ from, to }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pairs are known by their place
            <div key={index} className={styles.pair} role="group" aria-label={`Substitution ${index + 1}`}>
              <TextField
                label="Substitute:"
                value={from}
                error={errors.get(`rules.substitute.${index}.from`)}
                onChange={(next) => setPair(index, { from: next })}
              />
              <TextField
                label="With:"
                value={to}
                error={errors.get(`rules.substitute.${index}.to`)}
                onChange={(next) => setPair(index, { to: next })}
              />
              <Button
                size="small"
                aria-label={`Remove substitution ${index + 1}`}
                onClick={() => change({ substitute: substitute.filter((_, at) => at !== index) })}
              >
                Remove
              </Button>
            </div>
          ))}
          {errors.get('rules.substitute') === undefined ? null : (
            <span role="alert">{errors.get('rules.substitute')}</span>
          )}
          <div>
            <Button
              size="small"
              onClick={() => change({ substitute: [...substitute, { from: '', to: '' }] })}
            >
              Add substitution
            </Button>
          </div>
        </div>
        <div className={styles.stack}>
          <ChoiceField
            label="Padding:"
            value={rules.padding}
            choices={paddings}
            onChange={(padding) => change({ padding })}
          />
          <NumberField
            label="Minimum length:"
            value={rules.minimumLength}
            optional
            {...numberRange(minimumLength)}
            onChange={(length) => change({ minimumLength: length })}
          />
          <TextField
            label="Pad character:"
            value={rules.padCharacter ?? ''}
            error={errorBelow(errors, 'rules.padCharacter') ?? errorBelow(errors, 'rules.minimumLength')}
            onChange={(text) => change({ padCharacter: text === '' ? undefined : text })}
          />
          <div>
            <Button
              size="small"
              onClick={() =>
                change({
                  substitute: [],
                  padding: standard.padding,
                  minimumLength: undefined,
                  padCharacter: undefined,
                })
              }
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
