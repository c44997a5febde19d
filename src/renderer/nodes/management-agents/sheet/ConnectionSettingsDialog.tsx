import { useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import { type LdapConnection, ldapConnectionSchema } from '#shared/model/agent.ts';
import { numberRange } from '#state/number-range.ts';
import { NumberField } from '#ui/NumberField.tsx';
import { TextField } from '#ui/TextField.tsx';

const timeoutRange = numberRange(ldapConnectionSchema.shape.connectTimeout);

export interface ConnectionSettingsDialogProps {
  readonly connection: LdapConnection;
  readonly password: string;
  onAccept(connection: LdapConnection, password: string): void;
  onClose(): void;
}

/** Connection Settings: which computer receives passwords, and as whom the agent signs in there. */
export function ConnectionSettingsDialog(props: ConnectionSettingsDialogProps) {
  const { connection, password, onAccept, onClose } = props;
  const [draft, setDraft] = useState(connection);
  const [text, setText] = useState(password);
  const [connectTo, setConnectTo] = useState(() => shortAddress(connection.url));
  const { authentication } = draft;
  const url = longAddress(connectTo, connection.url);
  const parsed = ldapConnectionSchema.safeParse({ ...draft, url });
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
        value={connectTo}
        error={errorAt('url')}
        onChange={setConnectTo}
      />
      {authentication.method === 'simple' ? (
        <>
          <TextField
            label="User:"
            value={authentication.user}
            error={errorAt('user') && 'Enter the user that the agent signs in as'}
            onChange={(user) => setDraft({ ...draft, authentication: { ...authentication, user } })}
          />
          <TextField
            label="Password:"
            password
            hint="The stored password stays while this is empty"
            value={text}
            onChange={setText}
          />
        </>
      ) : (
        <span>The agent signs in without a password.</span>
      )}
      <NumberField
        label="Connection timeout (seconds):"
        value={draft.connectTimeout}
        {...timeoutRange}
        onChange={(connectTimeout) => setDraft({ ...draft, connectTimeout: connectTimeout ?? Number.NaN })}
      />
    </AcceptDialog>
  );
}

/** Host and port without the scheme, as administrators write them. */
function shortAddress(url: string): string {
  return url.startsWith('ldaps://') ? url.slice('ldaps://'.length).replace(/:636$/, '') : url;
}

/** What was typed as an address: a host alone keeps the scheme and port that were there. */
function longAddress(text: string, before: string): string {
  const typed = text.trim();
  if (typed.includes('://')) return typed;
  const port = /:\d+$/.test(typed) ? '' : (/:\d+$/.exec(before)?.[0] ?? '');
  return `ldaps://${typed}${port}`;
}
