import { Button } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
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
      setProblem(error instanceof Error ? error.message : 'The service gave no reason');
    }
  };
  return (
    <ConsoleDialog
      title="Find Change"
      onClose={onClose}
      onSubmit={() => void submit()}
      buttons={
        <>
          <Button size="small" appearance="primary" onClick={() => void submit()}>
            Find
          </Button>
          <Button size="small" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
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
    </ConsoleDialog>
  );
}
