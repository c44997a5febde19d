import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { setKerberosFiles } from '#directory/kerberos-environment.ts';
import { type Agent, isDirectoryAgent } from '#shared/model/agent.ts';
import type { Configuration } from '#shared/model/configuration.ts';

import { writeAtomically } from '../configuration/write-atomically.ts';
import { lowerHosts } from './lower-hosts.ts';

const header = Buffer.from([5, 2]);

/**
 * Points Kerberos at the keytabs that a configuration names. The library knows one keytab for its own tickets and one
 * for what it serves, so several are put together in the data directory. One that cannot be read is left out: whoever
 * needs it tells so, and the others go on.
 */
export function applyKeytabs(
  { channel, agents, singleSignOn, remote }: Configuration,
  dataDirectory: string,
): void {
  const named = agents.map(keytabOf).filter((keytab) => keytab !== undefined);
  // A server that shares its database asks the master secret server as its service account.
  const own = singleSignOn.sharedDatabase === undefined ? undefined : singleSignOn.listen?.keytab;
  if (own !== undefined) named.push(own);
  const clientKeytab = joinKeytabs(named, join(dataDirectory, 'agents.keytab'));
  const served = [channel?.keytab, singleSignOn.listen?.keytab, remote?.keytab].filter(
    (keytab) => keytab !== undefined,
  );
  const serviceKeytab = joinKeytabs(served, join(dataDirectory, 'services.keytab'));
  // Naming it anew would begin a new collection of tickets.
  const isNamed = process.env['KRB5_CLIENT_KTNAME'] === `FILE:${clientKeytab}`;
  setKerberosFiles({
    ...(serviceKeytab === undefined ? {} : { serviceKeytab }),
    ...(clientKeytab === undefined || isNamed ? {} : { clientKeytab }),
  });
}

function keytabOf(agent: Agent): string | undefined {
  if (agent.kind === 'entsso') return agent.connection.keytab;
  const authentication = isDirectoryAgent(agent) ? agent.connection.authentication : undefined;
  return authentication?.method === 'gssapi' ? authentication.keytab : undefined;
}

/** One keytab with the keys of all of them; `merged` is written where there are several, or one that cannot be used as it is. */
function joinKeytabs(paths: readonly string[], merged: string): string | undefined {
  const parts = [...new Set(paths)].flatMap((path) => {
    const bytes = readIfThere(path);
    return bytes === undefined ? [] : { path, bytes };
  });
  if (parts.length === 0) return undefined;
  const whole = Buffer.concat([header, ...parts.map(({ bytes }) => bytes.subarray(header.length))]);
  const altered = lowerHosts(whole);
  const isWritten = altered || parts.length > 1;
  if (isWritten) writeAtomically(merged, whole);
  for (const bytes of [...parts.map((part) => part.bytes), whole]) bytes.fill(0);
  return isWritten ? merged : parts[0]?.path;
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
