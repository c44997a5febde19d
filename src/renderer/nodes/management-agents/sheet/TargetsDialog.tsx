import { useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import type { Agent } from '#shared/model/agent.ts';
import { CheckField } from '#ui/CheckField.tsx';

export interface TargetsDialogProps {
  readonly candidates: readonly Agent[];
  readonly chosen: readonly Agent['id'][];
  onChoose(targets: readonly Agent['id'][]): void;
  onClose(): void;
}

/** Targets: which management agents receive the password changes of a partition. */
export function TargetsDialog({ candidates, chosen, onChoose, onClose }: TargetsDialogProps) {
  const [targets, setTargets] = useState(chosen);
  const accept = (): void => {
    onChoose(targets);
    onClose();
  };
  return (
    <AcceptDialog title="Targets" onAccept={accept} onClose={onClose}>
      <span>Select the management agents that receive password changes from this partition.</span>
      {candidates.length === 0 ? <span>There is no other management agent.</span> : null}
      {candidates.map(({ id, name, password }) => (
        <CheckField
          key={id}
          label={password.enabled ? name : `${name} (password management is not enabled)`}
          checked={targets.includes(id)}
          onChange={(checked) =>
            setTargets(checked ? [...targets, id] : targets.filter((other) => other !== id))
          }
        />
      ))}
    </AcceptDialog>
  );
}
