import { Button, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';

import type { Agent } from '#shared/model/agent.ts';
import { type RunProfile, type RunStep, runProfileSchema } from '#shared/model/run-profile.ts';
import type { Draft } from '#state/use-draft.ts';
import { GroupBox } from '#ui/GroupBox.tsx';
import { SelectField } from '#ui/SelectField.tsx';
import { TextField } from '#ui/TextField.tsx';

import { StepFields } from './StepFields.tsx';
import { stepWords } from './step-words.ts';

const useStyles = makeStyles({
  row: { display: 'flex', gap: '8px', alignItems: 'flex-end', flexWrap: 'wrap' },
});

const newStep: RunStep = runProfileSchema.shape.steps.element.parse({ type: 'full-import-full-sync' });

/** The profiles of an agent: one at a time, with its steps in their order. */
export function RunProfilesPage({ draft }: { readonly draft: Draft<Agent> }) {
  const styles = useStyles();
  const { value, change, errors } = draft;
  const { runProfiles } = value;
  const [at, select] = useState(0);
  const profile = runProfiles[at];
  const setAll = (profiles: readonly RunProfile[]): void => change({ ...value, runProfiles: [...profiles] });
  const set = (part: Partial<RunProfile>): void =>
    setAll(runProfiles.map((other, index) => (index === at ? { ...other, ...part } : other)));
  const add = (): void => {
    setAll([...runProfiles, { name: freeName(runProfiles), steps: [newStep] }]);
    select(runProfiles.length);
  };
  return (
    <>
      <div className={styles.row}>
        {profile === undefined ? (
          <span>There is no run profile.</span>
        ) : (
          <SelectField
            label="Run profile:"
            value={String(at)}
            choices={Object.fromEntries(runProfiles.map(({ name }, index) => [String(index), name]))}
            onChange={(index) => select(Number(index))}
          />
        )}
        <Button size="small" onClick={add}>
          New profile
        </Button>
        <Button
          size="small"
          disabled={profile === undefined}
          onClick={() => {
            setAll(runProfiles.filter((_, index) => index !== at));
            select(0);
          }}
        >
          Delete profile
        </Button>
      </div>
      {profile === undefined ? null : (
        <>
          <TextField
            label="Profile name:"
            value={profile.name}
            error={
              errors.get(`runProfiles.${at}.name`) &&
              'Enter a name of 1 to 64 characters that no other profile has'
            }
            onChange={(name) => set({ name })}
          />
          {profile.steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step has no name; its place is what it is
            <GroupBox key={index} label={`Step ${index + 1}: ${stepWords[step.type]}`}>
              <StepFields
                step={step}
                partitions={value.partitions.map(({ dn }) => dn)}
                onChange={(next) =>
                  set({ steps: profile.steps.map((other, place) => (place === index ? next : other)) })
                }
              />
              <div className={styles.row}>
                <Button
                  size="small"
                  disabled={index === 0}
                  onClick={() => set({ steps: swapped(profile.steps, index) })}
                >
                  Move up
                </Button>
                <Button
                  size="small"
                  disabled={profile.steps.length === 1}
                  title={profile.steps.length === 1 ? 'A profile has one step at least' : undefined}
                  onClick={() => set({ steps: profile.steps.filter((_, place) => place !== index) })}
                >
                  Delete step
                </Button>
              </div>
            </GroupBox>
          ))}
          <div className={styles.row}>
            <Button size="small" onClick={() => set({ steps: [...profile.steps, newStep] })}>
              New step
            </Button>
          </div>
        </>
      )}
    </>
  );
}

function swapped(steps: readonly RunStep[], index: number): RunStep[] {
  const [before, here] = [steps[index - 1], steps[index]];
  if (before === undefined || here === undefined) return [...steps];
  return [...steps.slice(0, index - 1), here, before, ...steps.slice(index + 1)];
}

function freeName(profiles: readonly RunProfile[]): string {
  const taken = new Set(profiles.map(({ name }) => name.toLowerCase()));
  for (let number = 1; ; number += 1) if (!taken.has(`run profile ${number}`)) return `Run profile ${number}`;
}
