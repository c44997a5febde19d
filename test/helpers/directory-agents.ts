import { randomUUID } from 'node:crypto';

import { exportTargetOf } from '#agents/export-target-of.ts';
import { importSourceOf } from '#agents/import-source-of.ts';
import type { ExportTarget } from '#identity/export-target.ts';
import type { ImportSource } from '#identity/import-source.ts';
import type { DirectoryServer389 } from '#lab/directory-server-389.ts';
import type { OpenLdap } from '#lab/openldap-server.ts';
import type { SambaDomain } from '#lab/samba-domain.ts';
import {
  type Agent,
  type DirectoryAgent,
  directoryAgentSchema,
  type LdapProfile,
} from '#shared/model/agent.ts';
import type { AgentId } from '#shared/model/change.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** A management agent of a lab server and the password that it signs in with. */
export interface LabAgent {
  readonly agent: DirectoryAgent;
  readonly password: string;
}

type Settings = Partial<
  Record<'url' | 'user' | 'password' | 'filter' | 'profile' | 'dn' | 'name', string>
> & {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly pageSize?: number;
};

const steps = [
  'full-import-stage-only',
  'full-import-delta-sync',
  'delta-import-stage-only',
  'delta-import-delta-sync',
  'full-sync',
] as const;

function common(name: string, partition: string, settings: Settings) {
  const { filter, include = [], exclude = [], pageSize = 25 } = settings;
  return {
    id: randomUUID(),
    name: settings.name ?? name,
    partitions: [
      { dn: settings.dn ?? partition, include, exclude, ...(filter === undefined ? {} : { filter }) },
    ],
    runProfiles: steps.map((type) => ({ name: type, steps: [{ type, pageSize, timeout: 20 }] })),
  };
}

/** Projects a person for everybody. */
export function activeDirectoryAgent(samba: SambaDomain, settings: Settings = {}): LabAgent {
  const agent = directoryAgentSchema.parse({
    ...common('Active Directory', samba.baseDn, settings),
    kind: 'active-directory',
    connection: {
      url: settings.url ?? samba.ldapsUrl,
      caFile: samba.caFile,
      authentication: {
        method: 'simple',
        user: settings.user ?? `${samba.adminUser}@${samba.realm.toLowerCase()}`,
      },
    },
    project: true,
    flow: [
      { connector: 'employeeID', person: 'employeeId' },
      { connector: 'sAMAccountName', person: 'accountName' },
      { connector: 'mail', person: 'mail' },
      { connector: 'displayName', person: 'displayName' },
    ],
  });
  return { agent, password: settings.password ?? samba.adminPassword };
}

const ldapRules = {
  join: [
    { mappings: [{ connector: 'employeeNumber', person: 'employeeId' }] },
    { mappings: [{ connector: 'mail', person: 'mail' }] },
  ],
  flow: [{ connector: 'departmentNumber', person: 'department' }],
};

/** Joins by employee number, then by mail. */
export function ldapAgent(
  server: OpenLdap | DirectoryServer389,
  profile: Exclude<LdapProfile, 'adlds'>,
  settings: Settings = {},
): LabAgent {
  const agent = directoryAgentSchema.parse({
    ...common(profile, server.suffix, settings),
    ...ldapRules,
    kind: 'ldap',
    profile,
    connection: {
      url: settings.url ?? server.ldapsUrl,
      caFile: server.caFile,
      authentication: { method: 'simple', user: settings.user ?? server.serviceDn },
    },
  });
  return { agent, password: settings.password ?? server.servicePassword };
}

/** The import source of each agent, signing in with its own password. */
export function sourcesOf(agents: readonly LabAgent[]): (agent: Agent) => ImportSource {
  return (agent) => importSourceOf(agent, { credentials: credentialsOf(agents), now: () => Date.now() });
}

/** The export target of each agent, signing in with its own password. */
export function targetsOf(agents: readonly LabAgent[]): (agent: Agent) => ExportTarget {
  return (agent) => exportTargetOf(agent, { credentials: credentialsOf(agents) });
}

function credentialsOf(agents: readonly LabAgent[]) {
  return async (id: AgentId): Promise<SecretBytes> => {
    const found = agents.find((candidate) => candidate.agent.id === id);
    return SecretBytes.copy(new TextEncoder().encode(found?.password ?? ''));
  };
}
