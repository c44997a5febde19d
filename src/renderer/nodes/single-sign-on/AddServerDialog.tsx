import { Button } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { ssoServerSchema } from '#shared/model/single-sign-on.ts';
import { useSession } from '#state/session-context.ts';
import type { ConfigurationReading } from '#state/use-draft.ts';
import { TextField } from '#ui/TextField.tsx';

export interface AddServerDialogProps {
  readonly reading: ConfigurationReading;
  onClose(): void;
}

/** Add Server: names a computer that runs single sign-on. */
export function AddServerDialog({ reading, onClose }: AddServerDialogProps) {
  const session = useSession();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  const { servers } = reading.configuration.singleSignOn;
  const wrong = !ssoServerSchema.shape.name.safeParse(name.trim()).success
    ? 'Enter the name of a computer'
    : servers.some((server) => server.name.toLowerCase() === name.trim().toLowerCase())
      ? `"${name.trim()}" is there already`
      : undefined;
  const add = async (): Promise<void> => {
    if (wrong !== undefined) return setProblem(wrong);
    try {
      await session.client.call('configuration.set', {
        changes: [{ path: ['singleSignOn', 'servers', servers.length], value: { name: name.trim() } }],
        revision: reading.revision,
      });
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'The service gave no reason');
    }
  };
  return (
    <ConsoleDialog
      title="Add Server"
      onClose={onClose}
      onSubmit={() => void add()}
      buttons={
        <>
          <Button size="small" appearance="primary" onClick={() => void add()}>
            Add
          </Button>
          <Button size="small" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <TextField
        label="Server name:"
        autoFocus
        hint="In the form that its service principal name has: short or with its domain"
        value={name}
        error={problem}
        onChange={(text) => {
          setName(text);
          setProblem(undefined);
        }}
      />
    </ConsoleDialog>
  );
}
