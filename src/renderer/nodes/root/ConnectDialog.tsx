import { Button, Radio, RadioGroup } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { problemOf } from '#console/problem-of.ts';
import type { ServerKeyRow } from '#shared/contract/servers-contract.ts';
import { type ConsoleDestination, consoleDestinationSchema } from '#shared/model/console-destination.ts';
import { askServers } from '#state/ask-servers.ts';
import type { Session } from '#state/session.ts';
import { TextField } from '#ui/TextField.tsx';

import { ServerFields, type TypedServer } from './ServerFields.tsx';

/** Where remote access listens unless it was moved. */
const usualPort = 6949;

type Kind = 'here' | 'server' | 'directory';

export interface ConnectDialogProps {
  readonly session: Session;
  onClose(): void;
}

/** Connect to a Server: tries it before it closes, and goes back to where it was when that is cancelled. */
export function ConnectDialog({ session, onClose }: ConnectDialogProps) {
  const { connection, destination } = useStore(session.store);
  const [before] = useState(destination);
  const [kind, setKind] = useState<Kind>(kindOf(before));
  const [path, setPath] = useState(before.kind === 'directory' ? before.path : '/var/lib/carillon');
  const [server, setServer] = useState<TypedServer>(
    before.kind === 'server' ? before : { host: '', port: usualPort },
  );
  const [asked, setAsked] = useState(false);
  const [looking, setLooking] = useState(false);
  const [shownKey, setShownKey] = useState<ServerKeyRow>();
  const [problem, setProblem] = useState<string>();
  const wanted = consoleDestinationSchema.safeParse(
    kind === 'directory'
      ? { kind, path }
      : kind === 'server'
        ? { kind, host: server.host.trim(), port: server.port }
        : { kind },
  );
  const refused = asked && connection.state === 'lost' ? connection.reason : undefined;
  const busy = looking || (asked && refused === undefined);

  useEffect(() => {
    if (asked && connection.state === 'connected') onClose();
  }, [asked, connection, onClose]);

  const edit = (change: () => void): void => {
    change();
    setShownKey(undefined);
    setProblem(undefined);
    setAsked(false);
  };
  const accept = async (): Promise<void> => {
    if (!wanted.success || busy) return;
    const to = wanted.data;
    setProblem(undefined);
    if (to.kind === 'server') {
      const { host, port } = to;
      setLooking(true);
      try {
        const known = await askServers(async (client) => {
          if (shownKey !== undefined) {
            await client.call('servers.trust', { host, port, fingerprint: shownKey.fingerprint });
            return true;
          }
          const key = await client.call('servers.probe', { host, port });
          if (key.state !== 'trusted') setShownKey(key);
          return key.state === 'trusted';
        });
        setLooking(false);
        if (!known) return;
        setShownKey(undefined);
      } catch (error) {
        setLooking(false);
        setShownKey(undefined);
        const { message, fix } = problemOf(error);
        setProblem(fix === undefined ? message : `${message}. ${fix}`);
        return;
      }
    }
    setAsked(true);
    session.goTo(to);
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
      onSubmit={() => void accept()}
      buttons={
        <>
          <Button
            size="small"
            appearance="primary"
            disabled={!wanted.success || busy}
            onClick={() => void accept()}
          >
            {busy ? 'Connecting...' : shownKey === undefined ? 'Connect' : 'Trust and connect'}
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
        onChange={(_, { value }) => edit(() => setKind(value as Kind))}
      >
        <Radio value="here" label="The engine that came with this console" />
        <Radio value="server" label="A server on another computer" />
        <Radio value="directory" label="A service on this computer, by its data directory" />
      </RadioGroup>
      {kind === 'directory' ? (
        <TextField
          label="Data directory:"
          value={path}
          error={wanted.success ? refused : 'Enter the full path of a folder on this computer'}
          hint="The service prints it when it starts; its account or root may connect"
          onChange={(next) => edit(() => setPath(next))}
        />
      ) : kind === 'server' ? (
        <ServerFields
          server={server}
          shownKey={shownKey}
          error={
            wanted.success || server.host === '' || Number.isNaN(server.port)
              ? (problem ?? refused)
              : 'Enter the name of a computer'
          }
          onChange={(next) => edit(() => setServer(next))}
        />
      ) : refused === undefined ? null : (
        <span role="alert">{refused}</span>
      )}
    </ConsoleDialog>
  );
}

function kindOf({ kind }: ConsoleDestination): Kind {
  return kind === 'server' || kind === 'directory' ? kind : 'here';
}
