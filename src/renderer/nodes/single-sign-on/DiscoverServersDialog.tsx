import { Button } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { inOneLine, problemOf } from '#console/problem-of.ts';
import { useSession } from '#state/session-context.ts';
import { useReading } from '#state/use-reading.ts';
import { CheckField } from '#ui/CheckField.tsx';

/** Discover Servers: what the directory names that is not in the list yet. */
export function DiscoverServersDialog({ onClose }: { onClose(): void }) {
  const session = useSession();
  const { value: found, problem } = useReading('sso.discoverServers', {}, []);
  const { value: reading } = useReading('configuration.get', {}, ['configuration.changed']);
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [refusal, setRefusal] = useState<string>();
  const known = new Set(
    reading?.configuration.singleSignOn.servers.map(({ name }) => name.toLowerCase()) ?? [],
  );
  const fresh = (found ?? []).filter(({ name }) => !known.has(name.toLowerCase()));
  const add = async (): Promise<void> => {
    if (reading === undefined || chosen.size === 0) return onClose();
    const { servers } = reading.configuration.singleSignOn;
    try {
      await session.client.call('configuration.set', {
        changes: fresh
          .filter(({ name }) => chosen.has(name))
          .map((server, index) => ({
            path: ['singleSignOn', 'servers', servers.length + index],
            value: server,
          })),
        revision: reading.revision,
      });
      onClose();
    } catch (error) {
      setRefusal(problemOf(error).message);
    }
  };
  const words =
    problem !== undefined
      ? inOneLine(problem)
      : found === undefined
        ? 'Asking the directory...'
        : fresh.length === 0
          ? 'The directory names no server that is not in the list: none has a service principal name ENTSSO/...'
          : 'Select the servers to add.';
  return (
    <ConsoleDialog
      title="Discover Servers"
      help="single-sign-on"
      onClose={onClose}
      buttons={
        <>
          {fresh.length === 0 ? null : (
            <Button size="small" appearance="primary" onClick={() => void add()}>
              Add
            </Button>
          )}
          <Button size="small" onClick={onClose}>
            {fresh.length === 0 ? 'Close' : 'Cancel'}
          </Button>
        </>
      }
    >
      <span role="status">{refusal ?? words}</span>
      {fresh.map(({ name, serviceAccount }) => (
        <CheckField
          key={name}
          label={`${name} (${serviceAccount})`}
          checked={chosen.has(name)}
          onChange={(checked) =>
            choose(checked ? new Set([...chosen, name]) : new Set([...chosen].filter((one) => one !== name)))
          }
        />
      ))}
    </ConsoleDialog>
  );
}
