import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { PasswordReport } from '#adapters/client/adapter-work.ts';
import { createOpenLdapWork } from '#adapters/openldap/openldap-work.ts';
import { probeLdapBind } from '#lab/bind-probe.ts';
import { type RunningOpenLdap, startOpenLdap } from '#lab/openldap-server.ts';
import { sharedLab } from '#test/shared-lab.ts';
import { secretOf, textOf } from '#test/sync-world.ts';

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
    entries: `dn: uid=bthorsson,ou=people,dc=ldap,dc=lab
objectClass: inetOrgPerson
uid: bthorsson
cn: Birgir
sn: Thorsson
userPassword: Initial-1
`,
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
    ignoredWriters: [],
    overlaySocket: overlay,
    log: () => undefined,
  });
}

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
  const binds = (password: string): Promise<boolean> =>
    probeLdapBind(server, `uid=bthorsson,${server.peopleDn}`, password);
  try {
    using first = secretOf('Hraun-und-Eis-7');
    await own.setPassword(change, first, undefined, signal);
    expect(await binds('Hraun-und-Eis-7')).toBe(true);
    expect(await binds('Initial-1')).toBe(false);
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
