import { type RunStep, runProfileSchema } from '#shared/model/run-profile.ts';
import { numberRange } from '#state/number-range.ts';
import { NumberField } from '#ui/NumberField.tsx';
import { SelectField } from '#ui/SelectField.tsx';

import { stepWords } from './step-words.ts';

const { pageSize, timeout } = runProfileSchema.shape.steps.element.shape;
const everyPartition = '';
const threshold = { min: 1, max: 100_000_000 };

export interface StepFieldsProps {
  readonly step: RunStep;
  readonly partitions: readonly string[];
  onChange(step: RunStep): void;
}

/** One step of a run profile: its type, where it looks, and when it stops. */
export function StepFields({ step, partitions, onChange }: StepFieldsProps) {
  const set = (part: Partial<RunStep>): void => onChange({ ...step, ...part });
  return (
    <>
      <SelectField label="Type:" value={step.type} choices={stepWords} onChange={(type) => set({ type })} />
      <SelectField
        label="Partition:"
        value={step.partition ?? everyPartition}
        choices={{
          [everyPartition]: 'Every partition',
          ...Object.fromEntries(partitions.map((dn) => [dn, dn])),
        }}
        onChange={(dn) => set({ partition: dn === everyPartition ? undefined : dn })}
      />
      <NumberField
        label="Stop after this number of objects (no limit where empty):"
        value={step.objectLimit}
        {...threshold}
        optional
        onChange={(objectLimit) => set({ objectLimit })}
      />
      <NumberField
        label="Stop before more than this number of deletions (no limit where empty):"
        value={step.deletionLimit}
        {...threshold}
        optional
        onChange={(deletionLimit) => set({ deletionLimit })}
      />
      <NumberField
        label="Page size (objects):"
        value={step.pageSize}
        {...numberRange(pageSize)}
        onChange={(size) => set({ pageSize: size ?? Number.NaN })}
      />
      <NumberField
        label="Timeout of one page (seconds):"
        value={step.timeout}
        {...numberRange(timeout)}
        onChange={(seconds) => set({ timeout: seconds ?? Number.NaN })}
      />
    </>
  );
}
