import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { localCaller } from '#sso/caller.ts';
import { settled } from '#test/engine-clock.ts';
import { type OpenedSsoService, openSsoService } from '#test/open-sso-service.ts';
import { refused } from '#test/refused.ts';
import { openSsoWorld, type SsoWorld, secretOf } from '#test/sso-world.ts';

// A backup costs half a second and 128 MiB by design, several on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

interface Running extends OpenedSsoService, AsyncDisposable {
  set(path: readonly (string | number)[], value: unknown): Promise<void>;
}

async function open(world: SsoWorld, singleSignOn: object): Promise<Running> {
  const opened = await openSsoService(world, singleSignOn);
  const { file, service } = opened;
  await settled();
  return {
    ...opened,
    async set(where, value) {
      file.set([{ path: ['singleSignOn', ...where], value }], file.running.revision);
      for (let turn = 0; turn < 20; turn += 1) await settled();
    },
    [Symbol.asyncDispose]: () => service.close(),
  };
}

const server = (serviceAccount: string) => ({ name: 'INTSVR1', serviceAccount });

test('a server says that it starts, what it lacks, and that it stops', async () => {
  await using world = await openSsoWorld({ withSecret: false });
  const running = await open(world, { servers: [server('FABRIKAM\\ssosvcact')] });
  expect(running.events).toEqual(expect.arrayContaining([10501, 10520, 10537, 10502]));
  await running[Symbol.asyncDispose]();
  expect(running.events.at(-1)).toBe(10505);
});

test('a host that the system has no server for says nothing', async () => {
  await using world = await openSsoWorld({ withSecret: false });
  await using running = await open(world, {});
  expect(running.events).toEqual([]);
});

test.each([
  ['NT AUTHORITY\\SYSTEM', 11038],
  ['LocalService', 11039],
  ['NT AUTHORITY\\Network Service', 11040],
  ['INTSVR1\\svc', 11041],
])('the service account %s is told', async (account, event) => {
  await using world = await openSsoWorld();
  await using running = await open(world, { servers: [server(account)] });
  expect(running.events).toContain(event);
});

test('a service account outside SSO Administrators is told, one inside is not', async () => {
  await using world = await openSsoWorld();
  const system = { administrators: ['FABRIKAM\\SSO Administrators'] };
  const outside = await open(world, { system, servers: [server('FABRIKAM\\mallory')] });
  expect(outside.events).toContain(10550);
  await outside[Symbol.asyncDispose]();
  const inside = await open(world, { system, servers: [server('FABRIKAM\\ssosvcact')] });
  expect(inside.events).not.toContain(10550);
  await inside[Symbol.asyncDispose]();
});

test('a directory that is away at the start is told under its number, and one that closes with the server is not', async () => {
  await using world = await openSsoWorld();
  world.directory.down = true;
  const options = {
    system: { administrators: ['FABRIKAM\\SSO Administrators'] },
    servers: [server('FABRIKAM\\ssosvcact')],
  };
  const running = await open(world, options);
  expect(running.events).toContain(11014);
  await running[Symbol.asyncDispose]();
  const asked = Promise.withResolvers<never>();
  world.directory.firstOf = () => asked.promise;
  const second = await open(world, options);
  await second[Symbol.asyncDispose]();
  asked.reject(new Error('The connection was closed'));
  await settled();
  expect(second.events.at(-1)).toBe(10505);
});

test('a master secret in no backup is told at the start and every day, until it is backed up', async () => {
  await using world = await openSsoWorld();
  await using running = await open(world, {});
  const told = () => running.events.filter((event) => event === 10589).length;
  expect(told()).toBe(1);
  await world.clock.move(86_400_000);
  expect(told()).toBe(2);
  await running.service.desk.backUp(
    localCaller('test'),
    join(world.folder, 'secret'),
    secretOf('Seven77'),
    '',
  );
  await world.clock.move(3 * 86_400_000);
  expect(told()).toBe(2);
});

test('changes of the system are told by their numbers', async () => {
  await using world = await openSsoWorld();
  await using running = await open(world, { servers: [server('')] });
  const numbers = async (path: readonly string[], value: unknown) => {
    running.events.length = 0;
    await running.set(['system', ...path], value);
    return running.events;
  };
  expect(await numbers(['administrators'], ['FABRIKAM\\SSO Administrators'])).toEqual([10576]);
  expect(await numbers(['administrators'], ['FABRIKAM\\sara'])).toEqual([10576, 11051]);
  expect(await numbers(['affiliateAdministrators'], ['FABRIKAM\\albert', 'FABRIKAM\\nobody'])).toEqual([
    10577, 11051, 11052, 10780,
  ]);
  expect(await numbers(['masterSecretServer'], 'OTHER')).toContain(10575);
  expect(await numbers(['allowTickets'], true)).toContain(10606);
  expect(await numbers(['allowTickets'], false)).toContain(10607);
  expect(await numbers(['enabled'], true)).toContain(10582);
  expect(await numbers(['enabled'], false)).toContain(10583);
});

test('what the state of the system forbids is refused whoever asks', async () => {
  await using world = await openSsoWorld();
  await using running = await open(world, { system: { enabled: true } });
  await expect(running.set(['system', 'administrators'], ['FABRIKAM\\sara'])).rejects.toEqual(refused(10570));
  await expect(running.set(['system', 'affiliateAdministrators'], ['FABRIKAM\\sara'])).rejects.toEqual(
    refused(10572),
  );
  await running.set(['system', 'enabled'], false);
  await expect(running.set(['system', 'administrators'], ['Everyone'])).rejects.toEqual(refused(10777));
  await running.set(['system', 'administrators'], ['FABRIKAM\\SSO Staff']);
  expect(running.file.configuration.singleSignOn.system.administrators).toEqual(['FABRIKAM\\SSO Staff']);
});

test('a server whose shared database is away starts all the same, says so once, and refuses what needs it', async () => {
  await using world = await openSsoWorld();
  const sharedDatabase = { host: '127.0.0.1', port: 1, user: 'svc', connectTimeout: 1 };
  await using running = await open(world, { sharedDatabase, servers: [server('FABRIKAM\\ssosvcact')] });
  const hands = { purge: () => undefined, definitions: () => undefined, queue: () => undefined };
  const { system } = running.service;
  await system?.start({
    ...hands,
    ...{ resetCounts: () => undefined, back: () => undefined, changed: () => undefined },
    polled: () => undefined,
    describe: () => ({
      ...{ state: 'running', version: '1', hasSecret: true, keepsSecret: true },
      events: { information: 0, warning: 0, error: 0 },
    }),
  });
  expect(running.events.filter((event) => event === 10514)).toHaveLength(1);
  await expect(running.service.ports.database.applications.list()).rejects.toMatchObject({
    event: 10785,
    code: 'unavailable',
  });
  expect(system?.others).toEqual([]);
  await system?.stop();
});
