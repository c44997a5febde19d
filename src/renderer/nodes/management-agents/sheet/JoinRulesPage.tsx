import { Button, makeStyles } from '@fluentui/react-components';

import type { Agent, JoinRule } from '#shared/model/agent.ts';
import type { Draft } from '#state/use-draft.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { GroupBox } from '#ui/GroupBox.tsx';

import { PairFields } from './PairFields.tsx';

const useStyles = makeStyles({
  row: { display: 'flex', gap: '8px', flexWrap: 'wrap' },
});

/** Configure Join and Projection Rules: tried in order, and whether an object that joins nobody becomes a person. */
export function JoinRulesPage({ draft }: { readonly draft: Draft<Agent> }) {
  const styles = useStyles();
  const { value, change, errors } = draft;
  const { join } = value;
  const setRules = (rules: readonly JoinRule[]): void => change({ ...value, join: [...rules] });
  const setRule = (at: number, mappings: JoinRule['mappings']): void =>
    setRules(join.map((rule, index) => (index === at ? { mappings } : rule)));
  return (
    <>
      {join.length === 0 ? <span>No join rule: objects of this agent join nobody.</span> : null}
      {join.map(({ mappings }, index) => (
        <GroupBox
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name; its place is what it is
          key={index}
          label={`Rule ${index + 1}: an object joins the person where all of these are equal`}
        >
          {mappings.map((pair, place) => (
            <PairFields
              // biome-ignore lint/suspicious/noArrayIndexKey: a condition has no name; its place is what it is
              key={place}
              left={{
                label: "Object's attribute:",
                value: pair.connector,
                error: errors.get(`join.${index}.mappings.${place}.connector`),
              }}
              right={{
                label: "Person's attribute:",
                value: pair.person,
                error: errors.get(`join.${index}.mappings.${place}.person`),
              }}
              onChange={(connector, person) =>
                setRule(
                  index,
                  mappings.map((other, at) => (at === place ? { connector, person } : other)),
                )
              }
              {...(mappings.length > 1 && {
                onRemove: () =>
                  setRule(
                    index,
                    mappings.filter((_, at) => at !== place),
                  ),
              })}
            />
          ))}
          <div className={styles.row}>
            <Button
              size="small"
              disabled={mappings.length >= 8}
              onClick={() => setRule(index, [...mappings, { connector: '', person: '' }])}
            >
              New condition
            </Button>
            <Button size="small" disabled={index === 0} onClick={() => setRules(movedUp(join, index))}>
              Move up
            </Button>
            <Button size="small" onClick={() => setRules(join.filter((_, at) => at !== index))}>
              Delete rule
            </Button>
          </div>
        </GroupBox>
      ))}
      <div className={styles.row}>
        <Button
          size="small"
          onClick={() => setRules([...join, { mappings: [{ connector: '', person: '' }] }])}
        >
          New join rule
        </Button>
      </div>
      <CheckField
        label="Project: an object that joins nobody becomes a person"
        checked={value.project}
        onChange={(project) => change({ ...value, project })}
      />
    </>
  );
}

function movedUp(rules: readonly JoinRule[], index: number): readonly JoinRule[] {
  const [before, here] = [rules[index - 1], rules[index]];
  if (before === undefined || here === undefined) return rules;
  return [...rules.slice(0, index - 1), here, before, ...rules.slice(index + 1)];
}
