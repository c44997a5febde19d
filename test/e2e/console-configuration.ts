import type { z } from 'zod';

import type { configurationSchema } from '#shared/model/configuration.ts';

export const agentIds = {
  adma: 'a3f1c2d4-0b1e-4c57-8a43-6a5b1f0f9c01',
  first: 'b7a9d0c2-5d3f-4a0e-9c11-2f7c53d1be02',
  second: 'c5e4b3a2-7f6d-4e8c-b1a0-9d8c7b6a5f03',
} as const;

const runProfiles = [
  { name: 'Full Import and Full Synchronization', steps: [{ type: 'full-import-full-sync' as const }] },
  { name: 'Nightly', steps: [{ type: 'delta-import-delta-sync' as const }] },
];

function target(id: string, name: string) {
  return {
    id,
    name,
    kind: 'ldap' as const,
    profile: 'openldap' as const,
    connection: {
      url: 'ldaps://ldap1.ldap.lab:636',
      authentication: { method: 'simple' as const, user: 'uid=svc,dc=ldap,dc=lab' },
    },
    partitions: [{ dn: 'dc=ldap,dc=lab' }],
    join: [{ mappings: [{ connector: 'employeeNumber', person: 'employeeID' }] }],
    runProfiles,
  };
}

/** One source and two targets that nobody answers for: enough for everything that is set and shown. */
export function consoleConfiguration(): z.input<typeof configurationSchema> {
  return {
    version: 1,
    agents: [
      {
        id: agentIds.adma,
        name: 'ADMA',
        description: 'Fabrikam, where passwords are changed',
        kind: 'active-directory',
        connection: {
          url: 'ldaps://dc1.fabrikam.lab:636',
          authentication: { method: 'simple', user: 'svc-carillon@fabrikam.lab' },
        },
        partitions: [
          {
            dn: 'DC=fabrikam,DC=lab',
            passwordSource: { enabled: false, domain: 'FABRIKAM', targets: [agentIds.first] },
          },
        ],
        project: true,
        flow: [{ connector: 'employeeID', person: 'employeeID' }],
        runProfiles,
      },
      target(agentIds.first, 'ENTSSOMA'),
      target(agentIds.second, 'ENTSSOMA2'),
    ],
  };
}
