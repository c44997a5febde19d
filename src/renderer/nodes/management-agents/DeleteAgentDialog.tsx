import { useState } from 'react';

import { QuestionDialog } from '#console/QuestionDialog.tsx';
import { ChoiceField } from '#ui/ChoiceField.tsx';

export type DeletedPart = 'space' | 'agent';

const parts: Readonly<Record<DeletedPart, string>> = {
  space: 'Delete connector space only',
  agent: 'Delete management agent and connector space',
};
const effects: Readonly<Record<DeletedPart, string>> = {
  space:
    'Its objects and their joins go, and a person that nothing is left of goes with them. The management agent stays: a full import brings the objects back.',
  agent:
    'Its objects, their joins and the management agent itself go permanently, and no password reaches its directory any more.',
};

export interface DeleteAgentDialogProps {
  readonly agentName: string;
  onDelete(part: DeletedPart): void;
  onClose(): void;
}

/** Delete of a management agent: what of it goes. The smaller part is chosen. */
export function DeleteAgentDialog({ agentName, onDelete, onClose }: DeleteAgentDialogProps) {
  const [part, choose] = useState<DeletedPart>('space');
  return (
    <QuestionDialog
      title="Delete Management Agent"
      question={`What do you want to delete of "${agentName}"?`}
      answer="Delete"
      onAnswer={(yes) => {
        onClose();
        if (yes) onDelete(part);
      }}
    >
      <ChoiceField label="Delete:" value={part} choices={parts} onChange={choose} />
      <p>{`${effects[part]} The connected system stays as it is.`}</p>
    </QuestionDialog>
  );
}
