import { useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import { type SharedDatabaseSettings, sharedDatabaseSchema } from '#shared/model/shared-database.ts';
import { encodeSecret } from '#state/encode-secret.ts';
import { numberRange } from '#state/number-range.ts';
import { useSession } from '#state/session-context.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { NumberField } from '#ui/NumberField.tsx';
import { TextField } from '#ui/TextField.tsx';

import { toolCommand } from '../definition/tool-command.ts';

const portRange = numberRange(sharedDatabaseSchema.shape.port);
const required = { host: 'Enter the name of the server', user: 'Enter the user' } as const;

export interface DatabaseDialogProps {
  readonly kind: 'create' | 'set';
  /** Told what was done, in a sentence. */
  onDone(what: string): void;
  onClose(): void;
}

/** Create Database and Set Database: where on PostgreSQL the servers of a system keep their credentials together. */
export function DatabaseDialog({ kind, onDone, onClose }: DatabaseDialogProps) {
  const session = useSession();
  const [draft, setDraft] = useState({
    host: '',
    port: undefined as number | undefined,
    database: 'SSODB',
    user: '',
    tls: true,
    caFile: '',
  });
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const isCreate = kind === 'create';
  const { port, caFile, ...facts } = draft;
  const parsed = sharedDatabaseSchema.safeParse({
    ...facts,
    ...(port === undefined ? {} : { port }),
    ...(caFile === '' ? {} : { caFile }),
  });
  const set = (part: Partial<typeof draft>): void => setDraft({ ...draft, ...part });
  const errorOf = (name: 'host' | 'database' | 'user'): string | undefined => {
    const issue = tried && parsed.error?.issues.find(({ path }) => path[0] === name);
    if (!issue) return undefined;
    return name === 'database' ? issue.message : required[name];
  };
  const run = async (settings: SharedDatabaseSettings): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    const input = { settings, ...(password === '' ? {} : { password: encodeSecret(password) }) };
    try {
      if (isCreate) {
        const { mappings, credentials } = await session.client.call('sso.createDatabase', input);
        onDone(`${mappings} mappings and ${credentials} credentials were moved to ${settings.database}`);
      } else {
        await session.client.call('sso.setDatabase', input);
        onDone(`The credential database is ${settings.database} on ${settings.host}`);
      }
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  };
  const accept = (): void => {
    setTried(true);
    if (!busy && parsed.success) void run(parsed.data);
  };
  const server = `${draft.host || 'server'}${port === undefined ? '' : `:${port}`}`;
  return (
    <AcceptDialog
      title={isCreate ? 'Create Database' : 'Set Database'}
      help="single-sign-on"
      width="480px"
      command={toolCommand(
        'ssoconfig',
        isCreate ? '-createdb' : '-setdb',
        server,
        draft.database,
        draft.user || 'user',
        ...(caFile === '' ? [] : [`caFile=${caFile}`]),
        ...(draft.tls ? [] : ['tls=no']),
      )}
      onClose={onClose}
      verb={isCreate ? 'Create' : 'OK'}
      busy={busy}
      onAccept={accept}
    >
      <span>
        {isCreate
          ? 'A database is made on PostgreSQL, and what this server keeps is moved there.'
          : 'This server works with a database that another server of the system made.'}{' '}
        It counts from the next start of the service on.
      </span>
      <TextField
        label="SQL Server:"
        required
        autoFocus
        value={draft.host}
        error={errorOf('host')}
        onChange={(host) => set({ host })}
      />
      <NumberField
        label="Port:"
        optional
        value={port}
        {...portRange}
        onChange={(next) => set({ port: next })}
      />
      <TextField
        label="SSO Database:"
        required
        value={draft.database}
        error={errorOf('database')}
        onChange={(database) => set({ database })}
      />
      <TextField
        label="User:"
        required
        value={draft.user}
        error={errorOf('user')}
        onChange={(user) => set({ user })}
      />
      <TextField label="Password:" password value={password} onChange={setPassword} />
      <CheckField
        label="Use SSL when connecting to SQL Server"
        checked={draft.tls}
        onChange={(tls) => set({ tls })}
      />
      <TextField
        label="Certificate authority (PEM file):"
        hint="A full path on the server's host; the system's own list where empty"
        value={caFile}
        onChange={(path) => set({ caFile: path })}
      />
      <ProblemBar problem={problem} />
    </AcceptDialog>
  );
}
