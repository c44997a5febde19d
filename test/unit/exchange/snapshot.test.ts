import { generateKeyPairSync } from 'node:crypto';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { exportValue } from '#exchange/snapshot/export-value.ts';
import { parseSnapshot } from '#exchange/snapshot/parse-snapshot.ts';
import { schemaPlaces } from '#exchange/snapshot/schema-places.ts';
import { secretNames, secretSound } from '#exchange/snapshot/secret-names.ts';
import { formatSnapshot, type SnapshotOrigin, takeSnapshot } from '#exchange/snapshot/snapshot.ts';
import { signSnapshot, verifySnapshot } from '#exchange/snapshot/snapshot-signature.ts';
import { type Configuration, configurationSchema } from '#shared/model/configuration.ts';
import { arbitraryConfiguration } from '#test/arbitrary-configuration.ts';
import { largeConfiguration } from '#test/large-configuration.ts';

const origin: SnapshotOrigin = {
  product: '1.0.0',
  host: 'server',
  madeAt: '2026-03-01T12:00:00.000Z',
  madeBy: 'tester',
  revision: 'abc',
};
const later: SnapshotOrigin = {
  ...origin,
  host: 'other',
  madeAt: '2027-01-01T00:00:00.000Z',
  madeBy: 'else',
};
const take = (configuration: Configuration, at = origin) => takeSnapshot({ configuration, secrets: {} }, at);
const bodyOf = (text: string) => text.slice(0, text.indexOf('"sha256"'));

test('a snapshot that is read and written again has the same bytes', () => {
  fc.assert(
    fc.property(arbitraryConfiguration, (configuration) => {
      const text = formatSnapshot(take(configuration));
      const again = parseSnapshot(text);
      expect(formatSnapshot(again)).toBe(text);
      const read = configurationSchema.parse(again.body.configuration);
      expect(formatSnapshot(take(read))).toBe(text);
    }),
    { numRuns: 30 },
  );
});

test('equal configurations have equal bytes before their origin, whatever the order of names and sets', () => {
  fc.assert(
    fc.property(arbitraryConfiguration, (configuration) => {
      const shuffled: Configuration = {
        ...Object.fromEntries(Object.entries(configuration).reverse()),
        ...configuration,
        singleSignOn: {
          ...configuration.singleSignOn,
          servers: configuration.singleSignOn.servers.toReversed(),
        },
        agents: configuration.agents.map((agent) => ({
          ...agent,
          runProfiles: agent.runProfiles.toReversed(),
        })) as Configuration['agents'],
      };
      const [one, other] = [formatSnapshot(take(configuration)), formatSnapshot(take(shuffled, later))];
      expect(bodyOf(other)).toBe(bodyOf(one));
      expect(take(shuffled, later).sha256).toBe(take(configuration).sha256);
    }),
    { numRuns: 30 },
  );
});

test('the order of agents counts, since earlier ones take precedence', () => {
  const configuration = largeConfiguration(60);
  const turned = { ...configuration, agents: configuration.agents.toReversed() };
  expect(take(turned).sha256).not.toBe(take(configuration).sha256);
});

test('every property of the configuration that sounds like a secret has been judged', () => {
  const unjudged = [...schemaPlaces()]
    .filter(([place, { canTell }]) => canTell && secretSound.test(place.slice(place.lastIndexOf('.') + 1)))
    .map(([place]) => place)
    .filter((place) => secretNames[place] === undefined);
  expect(unjudged, 'name them in src/main/exchange/snapshot/secret-names.ts').toEqual([]);
});

test('a property that sounds like a secret and is not known leaves as "set" or "not set"', () => {
  const canary = 'canary-7f3a';
  const exported = exportValue({
    agents: [{ id: 'x', connection: { password: canary, apiToken: canary }, sessionKey: { nested: canary } }],
    adapters: [{ name: 'y', clientSecret: '', keytab: canary }],
  });
  expect(JSON.stringify(exported)).not.toContain(canary);
  expect(exported).toEqual({
    agents: [{ id: 'x', connection: { password: 'set', apiToken: 'set' }, sessionKey: 'set' }],
    adapters: [{ name: 'y', clientSecret: 'not set', keytab: 'set' }],
  });
});

test('a part holds the part alone and names it', () => {
  const configuration = largeConfiguration(60);
  const id = configuration.agents[1]?.id ?? '';
  const { body } = takeSnapshot(
    { configuration, secrets: { [`agents/${id}`]: true, 'agents/other': true }, parts: [`agents/${id}`] },
    origin,
  );
  expect(Object.keys(body.configuration)).toEqual(['agents']);
  expect(body.configuration['agents']).toHaveLength(1);
  expect(body.secrets).toEqual({ [`agents/${id}`]: 'set' });
  expect(() => takeSnapshot({ configuration, secrets: {}, parts: ['agents/nobody'] }, origin)).toThrow(
    'no part "agents/nobody"',
  );
});

const good = formatSnapshot(take(largeConfiguration(40)));
const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

test.each([
  ['is not JSON', 'MZ\u0000 hello', 'is not JSON'],
  ['is cut off', good.slice(0, -40), 'is not JSON'],
  ['is something else', '{"version":1}', 'is no snapshot'],
  ['is of another version', good.replace('"schema": 1', '"schema": 2'), 'is a snapshot of version 2'],
  ['was edited', good.replace('Agent 0', 'Agent X'), 'was changed after it was made'],
  ['has more than it should', good.replace('"schema": 1,', '"schema": 1, "extra": 1,'), 'is no snapshot'],
  ['is a bomb of brackets', deep, 'nested deeper'],
])('a file that %s is refused with its reason', (_, text, reason) => {
  expect(() => parseSnapshot(text, 'file.json')).toThrow(reason);
});

test('a key named __proto__ changes nothing but itself', () => {
  const text = good.replace('"secrets": {}', '"secrets": {}, "sections": {"__proto__": {"polluted": 1}}');
  expect(() => parseSnapshot(text)).toThrow('was changed');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('a signature holds for what was signed and for nothing else', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = new Uint8Array(Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const otherPem = generateKeyPairSync('ed25519')
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString();
  const signed = signSnapshot(take(largeConfiguration(20)), pem);
  const read = parseSnapshot(formatSnapshot(signed));
  expect(verifySnapshot(read, publicPem).verdict).toBe('valid');
  expect(verifySnapshot(read, otherPem).verdict).toBe('other key');
  expect(verifySnapshot({ ...read, origin: later }).verdict).toBe('invalid');
  expect(
    verifySnapshot({ ...take(largeConfiguration(40)), ...(read.signature && { signature: read.signature }) })
      .verdict,
  ).toBe('invalid');
  expect(verifySnapshot(take(largeConfiguration(20))).verdict).toBe('none');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const rsaPem = new Uint8Array(Buffer.from(rsa.export({ type: 'pkcs8', format: 'pem' })));
  expect(() => signSnapshot(take(largeConfiguration(20)), rsaPem)).toThrow('no Ed25519 private key');
});
