import { randomUUID } from 'node:crypto';

import type { OpenLdap } from '#lab/openldap-server.ts';
import type { AgentId } from '#shared/model/change.ts';

export const source = randomUUID() as AgentId;
export const sourceDn = 'DC=fabrikam,DC=lab';

/** What an agent needs to know of its directory. */
export type BenchServer = Pick<OpenLdap, 'suffix' | 'ldapsUrl' | 'serviceDn' | 'servicePassword'> & {
  readonly caFile?: string;
};

export interface TargetSettings {
  /** Connections used at the same time. */
  readonly concurrency: number;
  /** Proves each set by a sign-in; default false. */
  readonly verify?: boolean;
}

/** The configuration file of a service that brings FABRIKAM's passwords to these targets. */
export function configurationText(
  targets: readonly { readonly id: AgentId; readonly server: BenchServer }[],
  { concurrency, verify = false }: TargetSettings,
): string {
  const ids = targets.map(({ id }) => id);
  const password = { enabled: true, verify, concurrency };
  return JSON.stringify({
    version: 1,
    passwordSync: { enabled: true },
    agents: [
      {
        kind: 'active-directory',
        id: source,
        name: 'source',
        connection: { url: 'ldaps://dc1.fabrikam.lab', authentication: { method: 'gssapi' } },
        partitions: [{ dn: sourceDn, passwordSource: { enabled: true, domain: 'FABRIKAM', targets: ids } }],
      },
      ...targets.map(({ id, server }, index) => ({
        kind: 'ldap',
        profile: 'openldap',
        id,
        name: `target ${index}`,
        connection: {
          url: server.ldapsUrl,
          caFile: server.caFile,
          authentication: { method: 'simple', user: server.serviceDn },
        },
        partitions: [{ dn: server.suffix }],
        password,
      })),
    ],
  });
}
