import { useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import { problemOf } from '#console/problem-of.ts';
import { trackingIdSchema } from '#shared/model/change.ts';
import { TextField } from '#ui/TextField.tsx';

export interface FindChangeDialogProps {
  /** Opens the trace; rejects where there is no such change. */
  find(trackingId: string): Promise<void>;
  onClose(): void;
}

/** Finds a change by the tracking id that stands in a log. */
export function FindChangeDialog({ find, onClose }: FindChangeDialogProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const submit = async (): Promise<void> => {
    const id = trackingIdSchema.safeParse(text.trim().toLowerCase());
    if (!id.success) return setProblem('Enter a tracking ID, such as 3f1c2d4a-0b1e-4c57-8a43-6a5b1f0f9c01');
    try {
      await find(id.data);
      onClose();
    } catch (error) {
      setProblem(problemOf(error).message);
    }
  };
  return (
    <AcceptDialog title="Find Change" onClose={onClose} verb="Find" onAccept={() => void submit()}>
      <TextField
        label="Tracking ID:"
        autoFocus
        hint="The same in every log line, event and screen"
        value={text}
        error={problem}
        onChange={(next) => {
          setText(next);
          setProblem(undefined);
        }}
      />
    </AcceptDialog>
  );
}
