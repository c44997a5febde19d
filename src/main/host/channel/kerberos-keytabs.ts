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
 * for what it serves, so several are put together in the data directory.
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
  const keytabs = [...new Set(paths)];
  if (keytabs.length === 0) return undefined;
  const parts = keytabs.map((path) => readFileSync(path));
  const whole = Buffer.concat([header, ...parts.map((part) => part.subarray(header.length))]);
  const altered = lowerHosts(whole);
  const isWritten = altered || keytabs.length > 1;
  if (isWritten) writeAtomically(merged, whole);
  for (const bytes of [...parts, whole]) bytes.fill(0);
  return isWritten ? merged : keytabs[0];
}
