import fc from 'fast-check';
import { expect, test } from 'vitest';

import { planRestore } from '#exchange/restore/plan-restore.ts';
import { takeSnapshot } from '#exchange/snapshot/snapshot.ts';
import { type Configuration, configurationSchema } from '#shared/model/configuration.ts';
import { arbitraryConfiguration } from '#test/arbitrary-configuration.ts';
import { arbitraryInstallation } from '#test/arbitrary-installation.ts';
import { largeConfiguration } from '#test/large-configuration.ts';

const origin = { product: '1', host: 'h', madeAt: '2026-03-01T12:00:00.000Z', madeBy: 'me', revision: '' };
const hashOf = (configuration: Configuration) => takeSnapshot({ configuration, secrets: {} }, origin).sha256;

interface Request {
  readonly secrets?: Readonly<Record<string, boolean>>;
  readonly then?: Readonly<Record<string, boolean>>;
  readonly parts?: readonly string[];
  readonly held?: readonly string[];
}

function plan(
  current: Configuration,
  earlier: Configuration,
  { secrets = {}, then = {}, parts, held }: Request = {},
) {
  const contents = { configuration: earlier, secrets: then, ...(held && { parts: held }) };
  return planRestore({
    current,
    revision: 'r',
    secrets,
    hasFile: (path) => !path.includes('missing'),
    sections: undefined,
    title: 'earlier',
    body: takeSnapshot(contents, origin).body,
    parts,
    check: (text) => ({ ok: configurationSchema.safeParse(JSON.parse(text)).success, mistakes: [] }),
  });
}

test.each([
  ['settings, rules and lists of every sort', arbitraryConfiguration],
  ['agents of every kind that refer to each other, roles, channel and schedule', arbitraryInstallation],
])('a restore brings exactly the state of the snapshot: %s', (_, arbitrary) => {
  fc.assert(
    fc.property(arbitrary, arbitrary, (current, earlier) => {
      const { plan: planned, target } = plan(current, earlier);
      expect(planned.possible).toBe(true);
      expect(hashOf(configurationSchema.parse(target))).toBe(hashOf(earlier));
      expect(planned.steps.length === 0).toBe(hashOf(current) === hashOf(earlier));
    }),
    { numRuns: 30 },
  );
});

test('restoring every step one by one ends in the state of the snapshot, but for precedence', () => {
  fc.assert(
    fc.property(arbitraryConfiguration, arbitraryConfiguration, (current, earlier) => {
      const sorted = (configuration: Configuration) =>
        hashOf({
          ...configuration,
          agents: configuration.agents.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
        });
      let now = current;
      for (const { key } of plan(current, earlier).plan.steps) {
        if (key.startsWith('order of ')) continue;
        now = configurationSchema.parse(plan(now, earlier, { parts: [key] }).target);
      }
      expect(sorted(now)).toBe(sorted(earlier));
    }),
    { numRuns: 8 },
  );
});

test('a plan says what is created, changed and deleted, and what each needs', () => {
  const earlier = largeConfiguration(60);
  const [first, second, third] = earlier.agents;
  if (first === undefined || second === undefined || third === undefined) throw new Error('Three agents');
  const current = configurationSchema.parse({
    ...earlier,
    passwordSync: { ...earlier.passwordSync, enabled: false, keepDays: 30 },
    agents: [
      { ...first, password: { ...first.password, retryCount: 2 } },
      { ...second, join: [] },
      { ...third, id: '00000000-0000-4000-8000-00000000ffff', name: 'Newer' },
    ],
  });
  const then = { [`agents/${third.id}`]: true };
  const { steps, notRestored } = plan(current, earlier, { then }).plan;
  const found = steps.map(({ act, name, needsPassword, needsFullImport }) => [
    act,
    name,
    needsPassword,
    needsFullImport,
  ]);
  expect(found).toEqual(
    expect.arrayContaining([
      ['change', first.name, false, false],
      ['change', second.name, false, true],
      ['create', third.name, true, true],
      ['delete', 'Newer', false, false],
      ['change', 'Options', false, false],
    ]),
  );
  expect(found).toHaveLength(5);
  // Nothing is told of what comes or goes with an agent.
  expect(steps.filter(({ act }) => act !== 'change').flatMap(({ details }) => details)).toEqual([]);
  expect(notRestored).toEqual([
    expect.objectContaining({ name: `Password of "${third.name}"`, reason: 'a snapshot holds no secret' }),
  ]);
});

test('one part alone is restored and nothing else changes', () => {
  const earlier = largeConfiguration(60);
  const [first, ...others] = earlier.agents;
  if (first === undefined) throw new Error('An agent');
  const current = { ...earlier, logLevel: 3, agents: others };
  const { target } = plan(current, earlier, { parts: [`agents/${first.id}`] });
  const restored = configurationSchema.parse(target);
  expect(restored.logLevel).toBe(3);
  expect(restored.agents.map(({ id }) => id)).toContain(first.id);
  expect(() => plan(current, earlier, { parts: ['nothing'] })).toThrow('a part "nothing"');
});

test('a snapshot of a part never takes away what it does not hold', () => {
  const earlier = largeConfiguration(60);
  const held = [`agents/${earlier.agents[0]?.id}`];
  const current = { ...earlier, logLevel: 3 };
  const { plan: planned, target } = plan(current, earlier, { held });
  expect(planned.steps).toEqual([]);
  expect(hashOf(configurationSchema.parse(target))).toBe(hashOf(current));
});

test('where the keys lie is told and left alone', () => {
  const current = largeConfiguration(20);
  const earlier: Configuration = { ...current, keyKeeper: { kind: 'keychain' }, logLevel: 2 };
  const { plan: planned, target } = plan(current, earlier);
  expect(target['keyKeeper']).toEqual({ kind: 'key-file' });
  expect(planned.notRestored).toEqual([expect.objectContaining({ name: 'Key keeper' })]);
  expect(planned.steps).toMatchObject([{ key: 'logLevel', kind: 'Server', name: 'Log level' }]);
});

test('every secret and file that a snapshot speaks of is named, with where to enter it', () => {
  const earlier = configurationSchema.parse({
    version: 1,
    channel: { spn: 'PCNSCLNT/carillon.fabrikam.lab', keytab: '/etc/missing.keytab' },
    singleSignOn: {
      sharedDatabase: { host: 'db.fabrikam.lab', user: 'sso', caFile: '/etc/there.pem' },
      servers: [{ name: 'sso1' }],
    },
  });
  const mapping = (user: string) => ({
    name: `SAP: FABRIKAM\\${user} = ${user}`,
    application: 'SAP',
    windowsAccount: `FABRIKAM\\${user}`,
    externalUser: user,
    enabled: true,
  });
  const adapter = {
    name: 'Script',
    computer: 'a.fabrikam.lab',
    properties: { 'access token': 'x', folder: '/srv' },
  };
  const secrets = {
    'singleSignOn/masterSecret': true,
    'singleSignOn/sharedDatabase': true,
    'mappings/SAP: FABRIKAM\\ann = ann': true,
    'mappings/SAP: FABRIKAM\\bob = bob': true,
    'mappings/SAP: FABRIKAM\\cid = cid': false,
  };
  const sections = { adapters: [adapter], mappings: ['ann', 'bob', 'cid'].map(mapping) };
  const { body } = takeSnapshot({ configuration: earlier, secrets, sections }, origin);
  const request = {
    current: configurationSchema.parse({ version: 1 }),
    revision: 'r',
    secrets: { 'mappings/SAP: FABRIKAM\\bob = bob': true },
    title: 'earlier',
    body,
    hasFile: (path: string) => !path.includes('missing'),
    sections: { adapters: [], mappings: [] },
    check: () => ({ ok: true, mistakes: [] }),
  };
  const { plan: planned } = planRestore(request);
  expect(planned.notRestored.map(({ name }) => name).toSorted()).toEqual([
    '"Access token" of "Script"',
    'Credentials of one mapping of "SAP"',
    'File /etc/missing.keytab',
    'Master secret',
    'Password of the credential database',
  ]);
  const asking = planned.steps.filter(({ needsPassword }) => needsPassword).map(({ key }) => key);
  expect(asking.toSorted()).toEqual(['mappings/SAP: FABRIKAM\\ann = ann', 'singleSignOn']);
});
