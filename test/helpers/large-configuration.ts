import { type Configuration, configurationSchema } from '#shared/model/configuration.ts';

/** A GUID made of a number. */
export function guidOf(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** A configuration of about `objects` objects: agents with partitions and run profiles, and their servers. */
export function largeConfiguration(objects: number): Configuration {
  const agents = Math.max(1, Math.floor(objects / 20));
  return configurationSchema.parse({
    version: 1,
    agents: Array.from({ length: agents }, (_, index) => ({
      id: guidOf(index),
      name: `Agent ${index}`,
      kind: 'ldap',
      profile: 'openldap',
      connection: {
        url: `ldaps://ldap${index}.lab:636`,
        authentication: { method: 'simple', user: `uid=svc${index},dc=lab` },
      },
      partitions: Array.from({ length: 9 }, (_unused, partition) => ({
        dn: `ou=part${partition},dc=agent${index},dc=lab`,
        include: [`ou=people,ou=part${partition},dc=agent${index},dc=lab`],
      })),
      join: [{ mappings: [{ connector: 'employeeNumber', person: 'employeeID' }] }],
      flow: [{ connector: 'mail', person: 'mail' }],
      runProfiles: Array.from({ length: 10 }, (_unused, profile) => ({
        name: `Profile ${profile}`,
        steps: [{ type: 'delta-import-delta-sync', pageSize: 100 + profile }],
      })),
    })),
  });
}
