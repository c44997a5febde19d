import type { z } from 'zod';

import type { agentSchema } from '#shared/model/agent.ts';
import type { configurationSchema } from '#shared/model/configuration.ts';

import type { DirectoryServer389 } from './directory-server-389.ts';
import type { OpenLdap } from './openldap-server.ts';
import type { SambaDomain } from './samba-domain.ts';

export const agentNames = { source: 'ADMA', openldap: 'OpenLDAP', ds389: '389 Directory Server' } as const;

const ids = {
  source: 'a3f1c2d4-0b1e-4c57-8a43-6a5b1f0f9c01',
  openldap: 'b7a9d0c2-5d3f-4a0e-9c11-2f7c53d1be02',
  ds389: 'c5e4b3a2-7f6d-4e8c-b1a0-9d8c7b6a5f03',
} as const;

export const fullProfile = 'Full Import and Full Synchronization';
export const deltaProfile = 'Delta Import and Delta Synchronization';

type Profiles = NonNullable<z.input<typeof agentSchema>['runProfiles']>;

const runProfiles: Profiles = [
  { name: fullProfile, steps: [{ type: 'full-import-full-sync' }] },
  { name: deltaProfile, steps: [{ type: 'delta-import-delta-sync' }] },
];

/** What the engine needs of the lab, and the keytab of its own service. */
export interface FabrikamPlaces {
  readonly lab: {
    readonly samba: SambaDomain;
    readonly openldap: OpenLdap;
    readonly ds389: DirectoryServer389;
  };
  readonly keytab: string;
  readonly spn: string;
  /** Where the engine listens; 0 picks one at each start. */
  readonly port?: number;
  readonly sourceAccount: string;
}

/** The configuration of the lab: Active Directory as source and two directories as targets, as it stands in a file. */
export function fabrikamConfiguration({ lab, keytab, spn, port, sourceAccount }: FabrikamPlaces) {
  const { samba, openldap, ds389 } = lab;
  const target = {
    join: [{ mappings: [{ connector: 'employeeNumber', person: 'employeeID' }] }],
    password: { enabled: true, retryInterval: 1 },
    runProfiles,
  };
  return {
    version: 1,
    metricsPort: 0,
    passwordSync: { enabled: true, serviceAccount: `${samba.netbios}\\svc-carillon` },
    channel: { host: samba.address, port: port ?? 0, spn, keytab },
    agents: [
      {
        id: ids.source,
        name: agentNames.source,
        description: 'Fabrikam, where passwords are changed',
        kind: 'active-directory',
        connection: {
          url: samba.ldapsUrl,
          caFile: samba.caFile,
          authentication: { method: 'simple', user: sourceAccount },
        },
        partitions: [
          {
            dn: samba.baseDn,
            include: [`OU=People,${samba.baseDn}`],
            passwordSource: { enabled: true, domain: samba.netbios, targets: [ids.openldap, ids.ds389] },
          },
        ],
        project: true,
        flow: [
          { connector: 'employeeID', person: 'employeeID' },
          { connector: 'displayName', person: 'displayName' },
          { connector: 'mail', person: 'mail' },
        ],
        runProfiles,
      },
      {
        ...target,
        id: ids.openldap,
        name: agentNames.openldap,
        kind: 'ldap',
        profile: 'openldap',
        connection: {
          url: openldap.ldapsUrl,
          caFile: openldap.caFile,
          authentication: { method: 'simple', user: openldap.serviceDn },
        },
        partitions: [{ dn: openldap.suffix, include: [openldap.peopleDn] }],
      },
      {
        ...target,
        id: ids.ds389,
        name: agentNames.ds389,
        kind: 'ldap',
        profile: 'sun',
        connection: {
          url: ds389.ldapsUrl,
          caFile: ds389.caFile,
          authentication: { method: 'simple', user: ds389.serviceDn },
        },
        partitions: [{ dn: ds389.suffix, include: [ds389.peopleDn] }],
      },
    ],
  } satisfies z.input<typeof configurationSchema>;
}
