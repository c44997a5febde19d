import { useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import { problemOf } from '#console/problem-of.ts';
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
      setProblem(problemOf(error).message);
    }
  };
  return (
    <AcceptDialog title="Add Server" onClose={onClose} verb="Add" onAccept={() => void add()}>
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
    </AcceptDialog>
  );
}
