import { Button } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { CheckField } from '#ui/CheckField.tsx';
import { ChoiceField } from '#ui/ChoiceField.tsx';

export interface RunDialogProps {
  readonly agentName: string;
  readonly profiles: readonly string[];
  onRun(profile: string, resume: boolean): void;
  onClose(): void;
}

/** Run Management Agent: picks one of the agent's run profiles. */
export function RunDialog({ agentName, profiles, onRun, onClose }: RunDialogProps) {
  const [profile, choose] = useState(profiles[0] ?? '');
  const [resume, setResume] = useState(false);
  const run = (): void => {
    onClose();
    onRun(profile, resume);
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
        <>
          <ChoiceField
            label={`Run profiles of "${agentName}":`}
            value={profile}
            choices={Object.fromEntries(profiles.map((name) => [name, name]))}
            onChange={choose}
          />
          <CheckField
            label="Go on with the step at which its last run was stopped"
            checked={resume}
            onChange={setResume}
          />
        </>
      )}
    </ConsoleDialog>
  );
}
