import fc from 'fast-check';

import { type Configuration, configurationSchema } from '#shared/model/configuration.ts';

import { guidOf } from './large-configuration.ts';

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const attribute = fc.constantFrom('mail', 'uid', 'employeeID', 'sn');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const limit = fc.integer({ min: 1, max: 500 });
const groups = fc.uniqueArray(
  word.map((name) => `FABRIKAM\\${name}`),
  { maxLength: 3 },
);

const kinds = {
  'active-directory': (host: string) => ({
    connection: {
      url: `ldaps://${host}`,
      authentication: { method: 'gssapi', principal: `${host}@LAB` },
    },
    partitions: [{ dn: `DC=${host}` }],
  }),
  ldap: (host: string) => ({
    profile: 'openldap',
    connection: { url: `ldapi://%2Frun%2F${host}`, authentication: { method: 'external' } },
    partitions: [{ dn: `dc=${host}`, filter: '(objectClass=person)' }, { dn: 'dc=more' }],
  }),
  delimited: (host: string) => ({
    connection: { path: `/srv/${host}.csv`, encoding: 'windows-1252' },
    anchor: ['id', host],
    layout: { delimiter: ';', columns: ['id', host], multivalue: [{ column: host, separator: '|' }] },
    exportFile: '/srv/out.csv',
  }),
  'fixed-width': (host: string) => ({
    connection: { path: `/srv/${host}.txt` },
    anchor: ['id'],
    layout: { skipLines: 1, columns: [{ name: 'id', start: 1, width: 8 }] },
    passwordExtension: { command: host, parameters: { folder: '/srv' } },
  }),
  'sql-server': (host: string) => ({
    connection: { host, database: 'hr', user: 'svc' },
    table: 'dbo.people',
    anchor: ['id'],
    delta: { by: 'view', view: 'dbo.changes', changeColumn: 'change' },
    passwordMethod: { method: 'statement', set: 'UPDATE people SET password = :password WHERE id = :anchor' },
  }),
  extension: (host: string) => ({ connection: { command: host, arguments: ['-v'], parameters: { host } } }),
} as const;
const kindNames = Object.keys(kinds) as (keyof typeof kinds)[];

const agent = fc.record({
  number: fc.integer({ min: 1, max: 12 }),
  kind: fc.constantFrom(...kindNames),
  host: word,
  filter: maybe(attribute),
  exported: fc.uniqueArray(attribute, { maxLength: 2 }),
  provision: fc.boolean(),
  deprovision: fc.constantFrom('disconnector', 'explicit-disconnector', 'delete'),
  retryCount: limit,
  shadow: fc.boolean(),
  steps: fc.array(fc.constantFrom('full-import-full-sync', 'export'), { maxLength: 2 }),
  changes: maybe(limit),
});

/**
 * A whole installation with everything that a snapshot holds: agents of many kinds that refer to each other, roles,
 * servers, rules of the metaverse, channel, remote access and schedule.
 */
export const arbitraryInstallation: fc.Arbitrary<Configuration> = fc
  .record({
    agents: fc.uniqueArray(agent, { minLength: 1, maxLength: 5, selector: ({ number }) => number }),
    channel: fc.boolean(),
    remote: maybe(fc.record({ administrators: groups, operators: groups, readers: groups })),
    administrators: groups,
    affiliates: groups,
    servers: fc.uniqueArray(fc.record({ name: word, age: limit, remote: fc.boolean() }), {
      maxLength: 3,
      selector: ({ name }) => name,
    }),
    tickets: limit,
    syncWays: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    ranked: fc.uniqueArray(attribute, { maxLength: 2 }),
    anyOf: fc.boolean(),
    schedule: maybe(limit),
    historySize: limit,
  })
  .map((given) => {
    const ids = given.agents.map(({ number }) => guidOf(number));
    return configurationSchema.parse({
      version: 1,
      passwordSync: { historySize: given.historySize },
      ...(given.channel ? { channel: { spn: 'PCNSCLNT/carillon.lab', keytab: '/etc/channel.keytab' } } : {}),
      ...(given.remote === undefined
        ? {}
        : { remote: { spn: 'CARILLON/carillon.lab', keytab: '/etc/remote.keytab', ...given.remote } }),
      agents: given.agents.map((one, index) => {
        const base = kinds[one.kind](one.host);
        const others = ids.filter((_, place) => place !== index);
        const [partition, ...more] = 'partitions' in base ? base.partitions : [];
        const { changes } = one;
        const passwordSource = {
          enabled: false,
          domain: `D${one.number}`,
          targets: others,
          ...(changes === undefined ? {} : { maxChangesPerDay: changes }),
        };
        return {
          ...base,
          ...(one.kind === 'active-directory'
            ? { partitions: [{ ...partition, passwordSource }, ...more] }
            : {}),
          id: ids[index],
          name: `agent ${one.number}`,
          kind: one.kind,
          project: true,
          filter:
            one.filter === undefined
              ? []
              : [{ conditions: [{ attribute: one.filter, operator: 'is-present' }] }],
          exportFlow: one.exported.map((connector) => ({ connector, expression: '"a"', initialOnly: true })),
          ...(one.provision
            ? { provision: { dn: `"cn=" + object.uid + ",dc=${one.host}"`, objectClasses: ['person'] } }
            : {}),
          deprovision: one.deprovision,
          password: { retryCount: one.retryCount, shadow: one.shadow },
          runProfiles:
            one.steps.length === 0 ? [] : [{ name: 'Run', steps: one.steps.map((type) => ({ type })) }],
        };
      }),
      metaverse: {
        precedence: given.ranked.map((name) => ({ attribute: name, agents: ids })),
        deletionRule: given.anyOf ? { kind: 'any-of', agents: ids } : { kind: 'last-connector' },
      },
      singleSignOn: {
        system: {
          administrators: given.administrators,
          affiliateAdministrators: given.affiliates,
          ticketTimeout: given.tickets,
          passwordSync: {
            fromWindowsToAdapters: given.syncWays[0],
            fromAdaptersToDatabase: given.syncWays[1],
            fromAdaptersToWindows: given.syncWays[2],
          },
        },
        servers: given.servers.map(({ name, age, remote }) => ({
          name,
          passwordSyncAge: age,
          allowRemoteLookup: remote,
        })),
      },
      snapshots: {
        ...(given.schedule === undefined
          ? {}
          : { schedule: { directory: '/srv/snapshots', keep: given.schedule } }),
      },
    });
  });
