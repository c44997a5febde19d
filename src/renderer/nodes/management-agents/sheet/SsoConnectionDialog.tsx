import { useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import { type SsoConnection, ssoConnectionSchema } from '#shared/model/agent-entsso.ts';
import { numberRange } from '#state/number-range.ts';
import { NumberField } from '#ui/NumberField.tsx';
import { TextField } from '#ui/TextField.tsx';

const timeoutRange = numberRange(ssoConnectionSchema.shape.connectTimeout);

export interface SsoConnectionDialogProps {
  readonly connection: SsoConnection;
  readonly password: string;
  onAccept(connection: SsoConnection, password: string): void;
  onClose(): void;
}

/** Connection Settings of an agent of single sign-on: the server that gets passwords, and its own service account. */
export function SsoConnectionDialog({ connection, password, onAccept, onClose }: SsoConnectionDialogProps) {
  const [draft, setDraft] = useState(connection);
  const [text, setText] = useState(password);
  const parsed = ssoConnectionSchema.safeParse(draft);
  const errorAt = (name: string): string | undefined =>
    parsed.error?.issues.find((issue) => issue.path.includes(name))?.message;
  const accept = (): void => {
    if (!parsed.success) return;
    onAccept(parsed.data, text);
    onClose();
  };
  return (
    <AcceptDialog title="Connection Settings" onAccept={accept} onClose={onClose}>
      <TextField
        label="Connect To:"
        autoFocus
        hint="In the form that the service principal name has: short or with its domain"
        value={draft.connectTo}
        error={errorAt('connectTo')}
        onChange={(connectTo) => setDraft({ ...draft, connectTo })}
      />
      <TextField
        label="User:"
        hint="The account that the SSO server runs as"
        value={draft.user}
        error={errorAt('user')}
        onChange={(user) => setDraft({ ...draft, user })}
      />
      <TextField
        label="Password:"
        password
        hint="The stored password stays while this is empty"
        value={text}
        onChange={setText}
      />
      <NumberField
        label="Connection timeout (seconds):"
        value={draft.connectTimeout}
        {...timeoutRange}
        onChange={(connectTimeout) => setDraft({ ...draft, connectTimeout: connectTimeout ?? Number.NaN })}
      />
    </AcceptDialog>
  );
}
