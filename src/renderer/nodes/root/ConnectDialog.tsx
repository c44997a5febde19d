import { Button, Radio, RadioGroup } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { type ConsoleDestination, consoleDestinationSchema } from '#shared/model/console-destination.ts';
import type { Session } from '#state/session.ts';
import { TextField } from '#ui/TextField.tsx';

export interface ConnectDialogProps {
  readonly session: Session;
  onClose(): void;
}

/** Connect to a Server: tries it before it closes, and goes back to where it was when that is cancelled. */
export function ConnectDialog({ session, onClose }: ConnectDialogProps) {
  const { connection, destination } = useStore(session.store);
  const [before] = useState(destination);
  const [kind, setKind] = useState<ConsoleDestination['kind']>(before.kind);
  const [path, setPath] = useState(before.kind === 'directory' ? before.path : '/var/lib/carillon');
  const [asked, setAsked] = useState(false);
  const wanted = consoleDestinationSchema.safeParse(kind === 'directory' ? { kind, path } : { kind: 'here' });
  const error = wanted.success ? undefined : 'Enter the full path of a folder on this computer';
  const refused = asked && connection.state === 'lost' ? connection.reason : undefined;

  useEffect(() => {
    if (asked && connection.state === 'connected') onClose();
  }, [asked, connection, onClose]);

  const accept = (): void => {
    if (!wanted.success) return;
    setAsked(true);
    session.goTo(wanted.data);
  };
  const cancel = (): void => {
    if (asked) session.goTo(before);
    onClose();
  };
  return (
    <ConsoleDialog
      title="Connect to a Server"
      help="start"
      onClose={cancel}
      onSubmit={accept}
      buttons={
        <>
          <Button size="small" appearance="primary" disabled={!wanted.success} onClick={accept}>
            {asked && refused === undefined ? 'Connecting...' : 'Connect'}
          </Button>
          <Button size="small" onClick={cancel}>
            Cancel
          </Button>
        </>
      }
    >
      <RadioGroup
        value={kind}
        aria-label="Server"
        onChange={(_, { value }) => setKind(value === 'directory' ? 'directory' : 'here')}
      >
        <Radio value="here" label="The engine that came with this console" />
        <Radio value="directory" label="A service on this computer, by its data directory" />
      </RadioGroup>
      {kind === 'directory' ? (
        <TextField
          label="Data directory:"
          value={path}
          error={error ?? refused}
          hint="The service prints it when it starts; its account or root may connect"
          onChange={setPath}
        />
      ) : refused === undefined ? null : (
        <span role="alert">{refused}</span>
      )}
    </ConsoleDialog>
  );
}
