import fc from 'fast-check';

import { type Configuration, configurationSchema } from '#shared/model/configuration.ts';

import { guidOf } from './large-configuration.ts';

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const attribute = fc.constantFrom('mail', 'uid', 'employeeID', 'sn');

const agent = fc.record({
  id: fc.integer({ min: 1, max: 12 }).map(guidOf),
  description: fc.string({ maxLength: 12 }),
  host: word,
  user: word,
  containers: fc.uniqueArray(word, { maxLength: 3 }),
  join: fc.array(fc.tuple(attribute, attribute), { maxLength: 2 }),
  flow: fc.array(fc.tuple(attribute, attribute), { maxLength: 3 }),
  enabled: fc.boolean(),
  retryCount: fc.integer({ min: 0, max: 20 }),
  project: fc.boolean(),
  profiles: fc.uniqueArray(word, { maxLength: 3 }),
});

/** Configurations as administrators make them, with everything that lists can do. */
export const arbitraryConfiguration: fc.Arbitrary<Configuration> = fc
  .record({
    logLevel: fc.integer({ min: 0, max: 3 }),
    metricsPort: fc.option(fc.integer({ min: 0, max: 9999 }), { nil: undefined }),
    keepDays: fc.integer({ min: 4, max: 90 }),
    agents: fc.uniqueArray(agent, { maxLength: 5, selector: ({ id }) => id }),
    servers: fc.uniqueArray(word, { maxLength: 3 }),
    administrators: fc.uniqueArray(word, { maxLength: 3 }),
  })
  .map(({ logLevel, metricsPort, keepDays, agents, servers, administrators }) =>
    configurationSchema.parse({
      version: 1,
      logLevel,
      ...(metricsPort === undefined ? {} : { metricsPort }),
      passwordSync: { keepDays },
      singleSignOn: { system: { administrators }, servers: servers.map((name) => ({ name })) },
      agents: agents.map((one) => ({
        id: one.id,
        // Names follow ids: two agents of one name are no configuration.
        name: `agent ${one.id.slice(-2)}`,
        description: one.description,
        kind: 'ldap',
        connection: {
          url: `ldaps://${one.host}:636`,
          authentication: { method: 'simple', user: `uid=${one.user}` },
        },
        partitions: [
          { dn: `dc=${one.host}`, include: one.containers.map((name) => `ou=${name},dc=${one.host}`) },
        ],
        join: one.join.map(([connector, person]) => ({ mappings: [{ connector, person }] })),
        flow: one.flow.map(([connector, person]) => ({ connector, person })),
        project: one.project,
        password: { enabled: one.enabled, retryCount: one.retryCount },
        runProfiles: one.profiles.map((name) => ({ name, steps: [{ type: 'full-import-full-sync' }] })),
      })),
    }),
  );
