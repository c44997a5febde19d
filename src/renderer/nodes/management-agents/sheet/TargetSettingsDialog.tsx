import { useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import { type PasswordSettings, passwordSettingsSchema } from '#shared/model/password-settings.ts';
import { numberRange } from '#state/number-range.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { GroupBox } from '#ui/GroupBox.tsx';
import { NumberField } from '#ui/NumberField.tsx';

const { retryCount, retryInterval, operationTimeout, concurrency } = passwordSettingsSchema.shape;
const ranges = {
  retryCount: numberRange(retryCount),
  retryInterval: numberRange(retryInterval),
  operationTimeout: numberRange(operationTimeout),
  concurrency: numberRange(concurrency),
};

export interface TargetSettingsDialogProps {
  readonly settings: PasswordSettings;
  onAccept(settings: PasswordSettings): void;
  onClose(): void;
}

/** Target Settings: retries, and what is asked of the target. */
export function TargetSettingsDialog({ settings, onAccept, onClose }: TargetSettingsDialogProps) {
  const [draft, setDraft] = useState(settings);
  const set = (part: Partial<PasswordSettings>): void => setDraft({ ...draft, ...part });
  const accept = (): void => {
    if (!passwordSettingsSchema.safeParse(draft).success) return;
    onAccept(draft);
    onClose();
  };
  return (
    <AcceptDialog title="Target Settings" onAccept={accept} onClose={onClose}>
      <GroupBox label="Password operation failure settings">
        <NumberField
          label="Maximum retry count:"
          value={draft.retryCount}
          {...ranges.retryCount}
          onChange={(count) => set({ retryCount: count ?? Number.NaN })}
        />
        <NumberField
          label="Retry interval (seconds):"
          value={draft.retryInterval}
          {...ranges.retryInterval}
          onChange={(interval) => set({ retryInterval: interval ?? Number.NaN })}
        />
      </GroupBox>
      <CheckField
        label="Require secure connection for password synchronization operations"
        checked={draft.requireSecureConnection}
        onChange={(requireSecureConnection) => set({ requireSecureConnection })}
      />
      <CheckField
        label="Unlock locked accounts when resetting passwords"
        checked={draft.unlock}
        onChange={(unlock) => set({ unlock })}
      />
      <CheckField
        label="Require a new password at the next logon"
        checked={draft.mustChange}
        onChange={(mustChange) => set({ mustChange })}
      />
      <CheckField
        label="Prove each new password on the target"
        checked={draft.verify}
        onChange={(verify) => set({ verify })}
      />
      <CheckField
        label="Shadow mode: decide and report every change, and write none"
        checked={draft.shadow}
        onChange={(shadow) => set({ shadow })}
      />
      <NumberField
        label="Time limit of one operation (seconds):"
        value={draft.operationTimeout}
        {...ranges.operationTimeout}
        onChange={(limit) => set({ operationTimeout: limit ?? Number.NaN })}
      />
      <NumberField
        label="Connections at the same time:"
        value={draft.concurrency}
        {...ranges.concurrency}
        onChange={(count) => set({ concurrency: count ?? Number.NaN })}
      />
    </AcceptDialog>
  );
}
