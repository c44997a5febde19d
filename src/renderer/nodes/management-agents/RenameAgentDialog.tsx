import { useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import type { AgentRow } from '#shared/contract/agents.ts';
import { AppError } from '#shared/model/app-error.ts';
import { useSession } from '#state/session-context.ts';
import { TextField } from '#ui/TextField.tsx';

export interface RenameAgentDialogProps {
  readonly agent: AgentRow;
  onClose(): void;
}

/** Rename: another name for a management agent; its id, its objects and its targets stay. */
export function RenameAgentDialog({ agent, onClose }: RenameAgentDialogProps) {
  const session = useSession();
  const [name, setName] = useState(agent.name);
  const [problem, setProblem] = useState<Problem>();
  const wanted = name.trim();
  const rename = async (): Promise<void> => {
    if (wanted === '') return;
    try {
      if (wanted !== agent.name) {
        const { configuration, revision } = await session.client.call('configuration.get', {});
        const index = configuration.agents.findIndex(({ id }) => id === agent.id);
        if (index === -1)
          throw new AppError('not_found', `There is no management agent "${agent.name}" any more`);
        const changes = [{ path: ['agents', index, 'name'], value: wanted }];
        await session.client.call('configuration.set', { changes, revision });
      }
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <AcceptDialog
      title="Rename"
      help="management-agents"
      onClose={onClose}
      verb="Rename"
      disabled={wanted === ''}
      onAccept={() => void rename()}
    >
      <TextField
        label={`New name of "${agent.name}":`}
        autoFocus
        value={name}
        error={wanted.length > 64 ? 'Enter 1 to 64 characters' : undefined}
        onChange={setName}
      />
      <ProblemBar problem={problem} />
    </AcceptDialog>
  );
}
