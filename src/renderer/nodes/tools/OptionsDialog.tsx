import { useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import { ConflictBar } from '#console/ConflictBar.tsx';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import { type PasswordSync, passwordSyncSchema } from '#shared/model/configuration.ts';
import { numberRange } from '#state/number-range.ts';
import { type ConfigurationReading, useDraft } from '#state/use-draft.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { GroupBox } from '#ui/GroupBox.tsx';
import { NumberField } from '#ui/NumberField.tsx';

const { historySize, keepDays, maxQueueAge, dampingWindow } = passwordSyncSchema.shape;
const ranges = {
  historySize: numberRange(historySize),
  keepDays: numberRange(keepDays),
  maxQueueAge: numberRange(maxQueueAge),
  dampingWindow: numberRange(dampingWindow),
};

export interface OptionsDialogProps {
  readonly reading: ConfigurationReading;
  onClose(): void;
}

/** Tools > Options of Identity Manager. */
export function OptionsDialog({ reading, onClose }: OptionsDialogProps) {
  const draft = useDraft<PasswordSync>(reading, () => ['passwordSync']);
  const [problem, setProblem] = useState<Problem>();
  const { value } = draft;
  const set = (part: Partial<PasswordSync>): void => draft.change({ ...value, ...part });

  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      setProblem(undefined);
      return true;
    } catch (error) {
      setProblem(problemOf(error));
      return false;
    }
  };
  const accept = async (): Promise<void> => {
    if (draft.errors.size === 0 && (await attempt(draft.save))) onClose();
  };

  return (
    <AcceptDialog title="Options" onAccept={() => void accept()} onClose={onClose}>
      <GroupBox label="Password Synchronization">
        <CheckField
          label="Enable Password Synchronization"
          checked={value.enabled}
          onChange={(enabled) => set({ enabled })}
        />
        <NumberField
          label="A waiting change expires after (seconds):"
          value={value.maxQueueAge}
          {...ranges.maxQueueAge}
          onChange={(seconds) => set({ maxQueueAge: seconds ?? Number.NaN })}
        />
        <NumberField
          label="A change that comes back within this time is an echo (seconds):"
          value={value.dampingWindow}
          {...ranges.dampingWindow}
          onChange={(seconds) => set({ dampingWindow: seconds ?? Number.NaN })}
        />
      </GroupBox>
      <GroupBox label="Password Management Settings">
        <NumberField
          label="Save last password change/set event details (count):"
          value={value.historySize}
          {...ranges.historySize}
          onChange={(count) => set({ historySize: count ?? Number.NaN })}
        />
        <NumberField
          label="A settled change can be traced for (days):"
          value={value.keepDays}
          {...ranges.keepDays}
          onChange={(days) => set({ keepDays: days ?? Number.NaN })}
        />
      </GroupBox>
      {draft.stale ? <ConflictBar onRebase={() => void attempt(draft.rebase)} /> : null}
      <ProblemBar problem={problem} />
    </AcceptDialog>
  );
}
