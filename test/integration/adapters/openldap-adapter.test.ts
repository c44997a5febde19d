import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { PasswordReport } from '#adapters/client/adapter-work.ts';
import { createOpenLdapWork } from '#adapters/openldap/openldap-work.ts';
import { AdapterServer } from '#adapters/server/adapter-server.ts';
import { probeLdapBind } from '#lab/bind-probe.ts';
import { type RunningOpenLdap, startOpenLdap } from '#lab/openldap-server.ts';
import { sharedLab } from '#test/shared-lab.ts';
import { openSyncWorld, secretOf, textOf } from '#test/sync-world.ts';

const users = ['bthorsson', 'asta', 'olaf'];
const change = { trackingId: 'id', application: 'Directory', externalAccount: 'bthorsson', timestamp: 1 };
let directory: string;
let overlaySocket: string;
let server: RunningOpenLdap;

beforeAll(async () => {
  directory = mkdtempSync(join(sharedLab().directory, 'overlay-'));
  overlaySocket = join(directory, 'overlay.sock');
  server = await startOpenLdap({
    directory: join(directory, 'openldap'),
    noSync: true,
    modules: ['back_sock'],
    databaseLines: [
      'overlay sock',
      'extensions binddn peername ssf connid',
      `socketpath ${overlaySocket}`,
      'sockops modify extended',
      'sockresps result',
      'sockdnpat ^uid=.*,ou=people,',
    ],
    maximumFailures: 0,
    entries: users
      .map(
        (user) => `dn: uid=${user},ou=people,dc=ldap,dc=lab
objectClass: inetOrgPerson
uid: ${user}
cn: ${user}
sn: Thorsson
userPassword: Initial-1
`,
      )
      .join('\n'),
  });
});
afterAll(async () => {
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** The adapter as somebody of the directory; without a socket it captures nothing. */
function workAs(user: string, password: string, overlay?: string) {
  return createOpenLdapWork({
    connection: {
      url: server.ldapsUrl,
      caFile: server.caFile,
      authentication: { method: 'simple', user },
      connectTimeout: 10,
    },
    password: async () => secretOf(password),
    baseDn: server.peopleDn,
    accountAttribute: 'uid',
    concurrency: 1,
    adapter: 'Directory',
    reportDirectory: join(directory, 'reports'),
    ignoredWriters: [],
    overlaySocket: overlay,
    log: () => undefined,
  });
}

const binds = (user: string, password: string): Promise<boolean> =>
  probeLdapBind(server, `uid=${user},${server.peopleDn}`, password);

/** The adapter as its own process; resolves when it hears the overlay. */
async function startAdapter(file: string): Promise<ChildProcess> {
  const cli = resolve(import.meta.dirname, '../../../src/main/cli.ts');
  const child = spawn(process.execPath, [cli, 'adapter', 'run', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'carillon-compile-cache') },
  });
  const told = Promise.withResolvers<void>();
  child.stderr?.on('data', (chunk: Buffer) => {
    if (chunk.includes('connected')) told.resolve();
  });
  await Promise.race([told.promise, once(child, 'exit').then(() => told.reject(new Error('It ended')))]);
  return child;
}

test('an adapter killed at any moment tells each password that the directory took, once, and keeps none in clear', async () => {
  await using world = await openSyncWorld();
  const { sso } = world;
  sso.settings = { ...sso.settings, hostName: 'intsvr1.fabrikam.lab' };
  sso.directory.firstOf = async (_, candidates) => candidates[0];
  // Ahead of the storm: the server takes what lies in the future for now, and could not tell older from newer.
  await sso.clock.move(Date.now() + 3_600_000 - sso.clock.now());
  await world.addAdapter({ name: 'Directory', verifyOldPassword: false });
  await world.addApplication({ name: 'Portal', adapter: 'Directory' });
  for (const user of users) await world.map('Portal', `FABRIKAM\\${user}`, user);
  const home = join(directory, 'killed');
  mkdirSync(home, { mode: 0o700 });
  const adapters = new AdapterServer({
    synchronization: world.synchronization,
    directory: join(home, 'adapters'),
    keepAliveSeconds: 3600,
    stateChanged: () => undefined,
  });
  writeFileSync(join(home, 'password'), server.servicePassword, { mode: 0o600 });
  const file = join(home, 'adapter.json');
  writeFileSync(
    file,
    JSON.stringify({
      kind: 'openldap',
      adapter: 'Directory',
      socket: adapters.path,
      connection: {
        url: server.ldapsUrl,
        caFile: server.caFile,
        authentication: { method: 'simple', user: server.serviceDn },
      },
      passwordFile: join(home, 'password'),
      baseDn: server.peopleDn,
      overlaySocket,
    }),
  );
  const other = workAs(server.adminDn, server.adminPassword);
  const tried = new Map(users.map((user) => [user, ['Initial-1']]));
  const { signal } = new AbortController();
  const reports = join(home, 'directory.reports');
  const kept = (): string[] => readdirSync(reports).filter((name) => /\.(report|asked)$/.test(name));
  let found = 0;
  try {
    for (let round = 0; round < 6; round += 1) {
      if (round === 4) await adapters.start();
      const child = await startAdapter(file);
      const taken = Promise.withResolvers<void>();
      const writing = users.map(async (user) => {
        for (let turn = 0; turn < 8 && child.exitCode === null && !child.killed; turn += 1) {
          const text = `Sturm-${round}-${turn}-${user}!`;
          using password = secretOf(text);
          tried.get(user)?.push(text);
          // While nobody listens the directory refuses the change.
          await other
            .setPassword({ ...change, externalAccount: user }, password, undefined, signal)
            .then(taken.resolve, () => undefined);
        }
      });
      // Every other time the directory has taken one before the adapter goes.
      if (round % 2 === 1) await Promise.race([taken.promise, Promise.all(writing)]);
      await delay(Math.random() * 60);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await Promise.all(writing);
      found += kept().length;
      const bytes = kept().map((name) => readFileSync(join(reports, name)));
      for (const text of ['Sturm-', Buffer.from('Sturm-').toString('base64'), ...users])
        expect(Buffer.concat(bytes).includes(text)).toBe(false);
    }
    expect(found).toBeGreaterThan(0);
    const last = await startAdapter(file);
    await expect.poll(kept, { timeout: 30_000 }).toEqual([]);
    for (const [user, passwords] of tried) {
      let stands: string | undefined;
      while (stands === undefined && passwords.length > 0) {
        const text = passwords.pop() ?? '';
        if (await binds(user, text)) stands = text;
      }
      expect(stands).toBeDefined();
      if (stands !== 'Initial-1') expect(await world.stored('Portal', user)).toBe(stands);
    }
    // One whose answer was lost is told again, and is known then.
    const taken = sso.entries.filter(({ event }) => event === 10736).map(({ trackingId }) => trackingId);
    expect(taken.length).toBeGreaterThan(0);
    expect(new Set(taken).size).toBe(taken.length);
    last.kill('SIGTERM');
    await once(last, 'exit');
  } finally {
    await adapters.stop();
    await other.close();
  }
}, 300_000);

test('a password is set by the adapter, and captured when somebody else sets it', async () => {
  const { signal } = new AbortController();
  const own = workAs(server.serviceDn, server.servicePassword, overlaySocket);
  const other = workAs(server.adminDn, server.adminPassword);
  const reports: (PasswordReport & { readonly text: string })[] = [];
  const end = await own.capture?.(async (report) => {
    reports.push({ ...report, text: textOf(report.password) });
    report.password.wipe();
    report.oldPassword?.wipe();
  });
  try {
    using first = secretOf('Hraun-und-Eis-7');
    await own.setPassword(change, first, undefined, signal);
    expect(await binds('bthorsson', 'Hraun-und-Eis-7')).toBe(true);
    expect(await binds('bthorsson', 'Initial-1')).toBe(false);
    using second = secretOf('Nordurljós-8!');
    await other.setPassword(change, second, undefined, signal);
    await expect.poll(() => reports.length, { timeout: 10_000 }).toBeGreaterThan(0);
    // Its own write was not told: it would come back as a change of the system.
    expect(reports.map(({ externalAccount, text }) => [externalAccount, text])).toEqual([
      ['bthorsson', 'Nordurljós-8!'],
    ]);
    const nobody = own.setPassword({ ...change, externalAccount: 'nobody' }, first, undefined, signal);
    await expect(nobody).rejects.toMatchObject({ code: 32, isTemporary: false });
    await server.kill();
    await expect(own.setPassword(change, first, undefined, signal)).rejects.toMatchObject({
      isTemporary: true,
    });
  } finally {
    await end?.();
    await Promise.all([own.close(), other.close()]);
  }
});
