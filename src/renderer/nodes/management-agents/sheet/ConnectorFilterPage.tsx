import { Button, makeStyles } from '@fluentui/react-components';

import type { Agent } from '#shared/model/agent.ts';
import type { FilterCondition, FilterRule } from '#shared/model/identity-rules.ts';
import type { Draft } from '#state/use-draft.ts';
import { GroupBox } from '#ui/GroupBox.tsx';

import { ConditionFields } from './ConditionFields.tsx';

const useStyles = makeStyles({
  row: { display: 'flex', gap: '8px', flexWrap: 'wrap' },
});

const newCondition: FilterCondition = { attribute: '', operator: 'equals', value: '' };
const mostConditions = 16;

/** Configure Connector Filter: which objects stay out of the metaverse. */
export function ConnectorFilterPage({ draft }: { readonly draft: Draft<Agent> }) {
  const styles = useStyles();
  const { value, change, errors } = draft;
  const { filter } = value;
  const setRules = (rules: readonly FilterRule[]): void => change({ ...value, filter: [...rules] });
  const setRule = (at: number, conditions: readonly FilterCondition[]): void =>
    setRules(filter.map((rule, index) => (index === at ? { conditions: [...conditions] } : rule)));
  return (
    <>
      <span>An object that meets every condition of one rule becomes a filtered disconnector.</span>
      {filter.map(({ conditions }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name; its place is what it is
        <GroupBox key={index} label={`Rule ${index + 1}`}>
          {conditions.map((condition, place) => (
            <ConditionFields
              // biome-ignore lint/suspicious/noArrayIndexKey: a condition has no name; its place is what it is
              key={place}
              condition={condition}
              error={errors.get(`filter.${index}.conditions.${place}.attribute`)}
              onChange={(next) =>
                setRule(
                  index,
                  conditions.map((other, at) => (at === place ? next : other)),
                )
              }
              {...(conditions.length > 1 && {
                onRemove: () =>
                  setRule(
                    index,
                    conditions.filter((_, at) => at !== place),
                  ),
              })}
            />
          ))}
          <div className={styles.row}>
            <Button
              size="small"
              disabled={conditions.length >= mostConditions}
              onClick={() => setRule(index, [...conditions, newCondition])}
            >
              New condition
            </Button>
            <Button size="small" onClick={() => setRules(filter.filter((_, at) => at !== index))}>
              Delete rule
            </Button>
          </div>
        </GroupBox>
      ))}
      <div className={styles.row}>
        <Button size="small" onClick={() => setRules([...filter, { conditions: [newCondition] }])}>
          New filter rule
        </Button>
      </div>
    </>
  );
}
