import { expect, test } from 'vitest';

import type { ChannelSender } from '#channel/sender.ts';
import { SecretCourier } from '#host/sso/shared/secret-courier.ts';
import { createSecretGiver } from '#host/sso/shared/secret-giver.ts';
import type { HeardServer } from '#host/sso/shared/server-report.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { openSsoWorld, type SsoWorld, secretOf } from '#test/sso-world.ts';
import { HeldKeyStore } from '#vault/held-key-store.ts';
import { MasterSecret } from '#vault/master-secret.ts';
import { unpackKeys } from '#vault/packed-keys.ts';

const channel = { host: 'a', port: 1, spn: 'ENTSSO/intsvr1.fabrikam.lab', fingerprint: 'sha256/x' };
const report: HeardServer['report'] = {
  state: 'running',
  version: '1',
  events: { information: 0, warning: 0, error: 0 },
  hasSecret: true,
  keepsSecret: true,
  pollInterval: 30,
  channel,
};
const heard: HeardServer = { name: 'INTSVR1', seenAt: 0, age: 0, report };
const place = { application: 'SAP', mapping: 1, kind: 'external', version: 1 } as const;
const caller = (account: string) => ({ principal: `${account}@FABRIKAM.LAB`, account, domain: 'FABRIKAM' });

function giverOf({ secret, sso, ports }: SsoWorld, accounts = ['FABRIKAM\\ssosvcact']) {
  return createSecretGiver({
    ...{ secret, access: sso.access, audit: ports.audit, keepsSecret: true },
    accounts: () => accounts,
  });
}

/** Another server of the system, which asks over a channel that the test may cut. */
async function openOther(world: SsoWorld, line: { isCut: boolean }, keeper: HeardServer | undefined = heard) {
  const give = giverOf(world);
  const other: MasterSecret = await MasterSecret.open({
    store: new HeldKeyStore(),
    vaultKey: () => SecretBytes.copy(new Uint8Array(32).fill(9)),
    now: () => world.clock.now(),
    obstacle: () => courier.obstacle,
  });
  const courier = new SecretCourier({
    secret: other,
    audit: world.ports.audit,
    keeper: () => ({ name: 'INTSVR1', heard: keeper }),
    principal: () => 'ssosvcact@FABRIKAM.LAB',
    dial: async () =>
      ({
        requestSecret: () => (line.isCut ? Promise.reject(new Error('cut')) : give(caller('ssosvcact'))),
        close: async () => undefined,
      }) as unknown as ChannelSender,
  });
  return { other, courier };
}

test('a server opens with the fetched master secret what the other sealed, and is told of it once', async () => {
  await using world = await openSsoWorld();
  const { other, courier } = await openOther(world, { isCut: false });
  expect(() => other.seal(secretOf('x'), place)).toThrow('event 10783');
  await courier.fetch();
  await courier.fetch();
  using opened = other.open(world.secret.seal(secretOf('Pa55word'), place), place);
  expect(new TextDecoder().decode(opened.bytes)).toBe('Pa55word');
  using back = world.secret.open(other.seal(secretOf('back'), place), place);
  expect(new TextDecoder().decode(back.bytes)).toBe('back');
  expect(world.events()).toEqual([10531, 10529]);
  await world.secret.generate();
  await courier.fetch();
  expect(other.status).toMatchObject({ current: 2, previous: [1] });
  other.close();
});

test('while the master secret server is away what is here opens, nothing is sealed, and both ends are told', async () => {
  await using world = await openSsoWorld();
  const line = { isCut: false };
  const { other, courier } = await openOther(world, line);
  await courier.fetch();
  const sealed = other.seal(secretOf('Pa55word'), place);
  line.isCut = true;
  await courier.fetch();
  await courier.fetch();
  expect(() => other.seal(secretOf('x'), place)).toThrow('event 10532');
  expect(() => other.sealTicket(secretOf('x'))).toThrow('event 10532');
  other.open(sealed, place).wipe();
  line.isCut = false;
  await courier.fetch();
  other.seal(secretOf('x'), place);
  expect(world.events()).toEqual([10531, 10529, 10532, 10529]);
  other.close();
});

test('a server that names another service than its own gets no call', async () => {
  await using world = await openSsoWorld();
  const spn = 'ENTSSO/elsewhere.fabrikam.lab';
  const keeper = { ...heard, report: { ...report, channel: { ...channel, spn } } };
  const { other, courier } = await openOther(world, { isCut: false }, keeper);
  await courier.fetch();
  expect(courier.obstacle).toContain('nothing new can be sealed');
  expect(world.entries.at(-1)).toMatchObject({
    event: 10527,
    message: expect.stringContaining('is not the name of INTSVR1'),
  });
  other.close();
});

test('the master secret goes to service accounts of the system that are SSO Administrators, and to nobody else', async () => {
  await using world = await openSsoWorld();
  const refused = { event: 10555, code: 'forbidden' };
  await expect(giverOf(world)(caller('mallory'))).rejects.toMatchObject(refused);
  await expect(giverOf(world)(caller('DC1$'))).rejects.toMatchObject(refused);
  await expect(giverOf(world, ['FABRIKAM\\mallory'])(caller('mallory'))).rejects.toMatchObject(refused);
  expect(world.events()).toEqual([10555, 10555, 10555]);
  using packed = await giverOf(world)(caller('ssosvcact'));
  const keys = unpackKeys(packed);
  expect(keys.map(({ state }) => state)).toEqual(['root', 'active']);
  for (const { key } of keys) key.wipe();
  for (const length of [0, 1, packed.length - 1])
    expect(() => unpackKeys(SecretBytes.copy(packed.bytes.subarray(0, length)))).toThrow('no master secret');
});
