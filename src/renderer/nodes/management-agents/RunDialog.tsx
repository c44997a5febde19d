import { Button } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { ChoiceField } from '#ui/ChoiceField.tsx';

export interface RunDialogProps {
  readonly agentName: string;
  readonly profiles: readonly string[];
  onRun(profile: string): void;
  onClose(): void;
}

/** Run Management Agent: picks one of the agent's run profiles. */
export function RunDialog({ agentName, profiles, onRun, onClose }: RunDialogProps) {
  const [profile, choose] = useState(profiles[0] ?? '');
  const run = (): void => {
    onClose();
    onRun(profile);
  };
  return (
    <ConsoleDialog
      title="Run Management Agent"
      onClose={onClose}
      onSubmit={profiles.length > 0 ? run : undefined}
      buttons={
        profiles.length === 0 ? (
          <Button size="small" appearance="primary" onClick={onClose}>
            Close
          </Button>
        ) : (
          <>
            <Button size="small" appearance="primary" onClick={run}>
              Run
            </Button>
            <Button size="small" onClick={onClose}>
              Cancel
            </Button>
          </>
        )
      }
    >
      {profiles.length === 0 ? (
        <span>{`"${agentName}" has no run profile. Add one with Configure Run Profiles.`}</span>
      ) : (
        <ChoiceField
          label={`Run profiles of "${agentName}":`}
          value={profile}
          choices={Object.fromEntries(profiles.map((name) => [name, name]))}
          onChange={choose}
        />
      )}
    </ConsoleDialog>
  );
}
