import { useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import { ssoServerSchema } from '#shared/model/single-sign-on.ts';
import { TextField } from '#ui/TextField.tsx';

export interface MasterSecretServerDialogProps {
  readonly name: string;
  onAccept(name: string): void;
  onClose(): void;
}

/** Change: moves the master secret to another server, which takes a backup and a restore besides. */
export function MasterSecretServerDialog({ name: before, onAccept, onClose }: MasterSecretServerDialogProps) {
  const [name, setName] = useState(before);
  const [tried, setTried] = useState(false);
  const holds = name === '' || ssoServerSchema.shape.name.safeParse(name).success;
  const accept = (): void => {
    setTried(true);
    if (!holds) return;
    onAccept(name);
    onClose();
  };
  return (
    <AcceptDialog
      title="Change Master Secret Server"
      help="master-secret"
      onClose={onClose}
      onAccept={accept}
    >
      <TextField
        label="Master secret server:"
        autoFocus
        hint="Empty: the server that the secret was generated on"
        value={name}
        error={tried && !holds ? 'Enter the name of a computer' : undefined}
        onChange={setName}
      />
      <span>
        The secret itself does not follow. Back it up on the server that has it, apply the change here, and
        restore the backup on the new server.
      </span>
    </AcceptDialog>
  );
}
