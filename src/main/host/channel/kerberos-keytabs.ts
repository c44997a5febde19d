import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { setKerberosFiles } from '#directory/kerberos-environment.ts';
import { isDirectoryAgent } from '#shared/model/agent.ts';
import type { Configuration } from '#shared/model/configuration.ts';

import { writeAtomically } from '../configuration/write-atomically.ts';

const header = Buffer.from([5, 2]);

/**
 * Points Kerberos at the keytabs that a configuration names. The library knows one keytab for its own tickets, so
 * those of several agents are put together in the data directory.
 */
export function applyKeytabs({ channel, agents }: Configuration, dataDirectory: string): void {
  const named = agents
    .filter(isDirectoryAgent)
    .flatMap(({ connection: { authentication } }) =>
      authentication.method === 'gssapi' && authentication.keytab !== undefined
        ? [authentication.keytab]
        : [],
    );
  const keytabs = [...new Set(named)];
  const [only] = keytabs;
  const merged = join(dataDirectory, 'agents.keytab');
  if (keytabs.length > 1) {
    const parts = keytabs.map((path) => readFileSync(path));
    const whole = Buffer.concat([header, ...parts.map((part) => part.subarray(header.length))]);
    writeAtomically(merged, whole);
    for (const bytes of [...parts, whole]) bytes.fill(0);
  }
  const clientKeytab = keytabs.length > 1 ? merged : only;
  // Naming it anew would begin a new collection of tickets.
  const isNamed = process.env['KRB5_CLIENT_KTNAME'] === `FILE:${clientKeytab}`;
  setKerberosFiles({
    ...(channel === undefined ? {} : { serviceKeytab: channel.keytab }),
    ...(clientKeytab === undefined || isNamed ? {} : { clientKeytab }),
  });
}
