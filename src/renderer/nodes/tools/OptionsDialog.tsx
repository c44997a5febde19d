import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { type PasswordSync, passwordSyncSchema } from '#shared/model/configuration.ts';
import { numberRange } from '#state/number-range.ts';
import { type ConfigurationReading, useDraft } from '#state/use-draft.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { NumberField } from '#ui/NumberField.tsx';

const { historySize, keepDays, maxQueueAge, dampingWindow } = passwordSyncSchema.shape;
const ranges = {
  historySize: numberRange(historySize),
  keepDays: numberRange(keepDays),
  maxQueueAge: numberRange(maxQueueAge),
  dampingWindow: numberRange(dampingWindow),
};

const useStyles = makeStyles({
  group: {
    margin: 0,
    padding: '8px 12px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
  },
});

export interface OptionsDialogProps {
  readonly reading: ConfigurationReading;
  onClose(): void;
}

/** Tools > Options of Identity Manager. */
export function OptionsDialog({ reading, onClose }: OptionsDialogProps) {
  const styles = useStyles();
  const draft = useDraft<PasswordSync>(reading, () => ['passwordSync']);
  const [problem, setProblem] = useState<string>();
  const { value } = draft;
  const set = (part: Partial<PasswordSync>): void => draft.change({ ...value, ...part });

  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      setProblem(undefined);
      return true;
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'The service gave no reason');
      return false;
    }
  };
  const accept = async (): Promise<void> => {
    if (draft.errors.size === 0 && (await attempt(draft.save))) onClose();
  };

  return (
    <ConsoleDialog
      title="Options"
      onClose={onClose}
      onSubmit={() => void accept()}
      buttons={
        <>
          <Button size="small" appearance="primary" onClick={() => void accept()}>
            OK
          </Button>
          <Button size="small" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <fieldset className={styles.group}>
        <legend>Password Synchronization</legend>
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
      </fieldset>
      <fieldset className={styles.group}>
        <legend>Password Management Settings</legend>
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
      </fieldset>
      {draft.stale ? (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>Somebody else changed the configuration meanwhile</MessageBarBody>
          <MessageBarActions>
            <Button size="small" onClick={() => void attempt(draft.rebase)}>
              Read again and keep my edits
            </Button>
          </MessageBarActions>
        </MessageBar>
      ) : null}
      {problem === undefined ? null : (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{problem}</MessageBarTitle>
          </MessageBarBody>
        </MessageBar>
      )}
    </ConsoleDialog>
  );
}
