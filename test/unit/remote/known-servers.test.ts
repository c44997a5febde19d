import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, expect, test } from 'vitest';

import { KnownServers, knownServerFiles } from '#host/remote/known-servers.ts';
import { probeServer, reachServer, tryParseServer } from '#host/remote/reach-server.ts';

import { RemoteWorld, spn } from './remote-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-known-'));
const path = join(folder, 'inner/servers.json');
const pin = `sha256/${'A'.repeat(43)}=`;

afterEach(() => rmSync(path, { force: true }));

test('a server is written as host, host:port or [address]:port', () => {
  expect(tryParseServer('Sync.fabrikam.lab')).toEqual({ host: 'Sync.fabrikam.lab', port: 6949 });
  expect(tryParseServer('10.0.0.7:7000')).toEqual({ host: '10.0.0.7', port: 7000 });
  expect(tryParseServer('[fd00::7]:7000')).toEqual({ host: 'fd00::7', port: 7000 });
  for (const text of ['', 'a:0', 'a:70000', 'a b', 'http://a', '-a', 'a:b'])
    expect(tryParseServer(text)).toBeUndefined();
});

test('the file keeps keys and uses, the last used first, for its user alone', () => {
  const known = new KnownServers(path);
  expect(known.all).toEqual([]);
  known.trust({ host: 'one.lab', port: 1 }, pin);
  known.noteUse({ host: 'one.lab', port: 1 }, 1000);
  known.noteUse({ host: 'two.lab', port: 2 }, 2000);
  known.setDefault({ host: 'two.lab', port: 2 });
  expect(known.all.map(({ host }) => host)).toEqual(['two.lab', 'one.lab']);
  expect(known.find({ host: 'ONE.lab', port: 1 })).toMatchObject({ fingerprint: pin, usedAt: 1000 });
  expect(known.default).toEqual({ host: 'two.lab', port: 2 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(known.forget({ host: 'two.lab', port: 2 })).toBe(true);
  expect(known.forget({ host: 'two.lab', port: 2 })).toBe(false);
  expect(() => known.trust({ host: 'x', port: 1 }, 'sha256/short')).toThrow('is no fingerprint');
});

test('a damaged file is said, and never taken for an empty one', () => {
  new KnownServers(path).noteUse({ host: 'a', port: 1 }, 1);
  writeFileSync(path, '{"servers": [{"host": 7}]}');
  expect(() => new KnownServers(path).all).toThrow('does not hold known servers');
});

test('the file lies with the settings of its user', () => {
  if (process.platform !== 'linux') return;
  expect(knownServerFiles({ XDG_CONFIG_HOME: '/c' }).own).toBe('/c/carillon/servers.json');
  expect(knownServerFiles({ HOME: '/home/a' }).own).toBe('/home/a/.config/carillon/servers.json');
});

test('a key is asked for once: unknown, then trusted, and told when it changes', async () => {
  await using world = await new RemoteWorld().start();
  const known = new KnownServers(path);
  const { port, fingerprint } = world.server;
  const address = { host: '127.0.0.1', port, spn };
  const options = { address, purpose: 'program', kerberos: world.kerberos } as const;
  expect(await probeServer(known, address)).toEqual({ fingerprint, state: 'unknown' });
  const refused = reachServer(known, options);
  await expect(refused).rejects.toMatchObject({ event: 7044, fingerprint });
  await expect(refused).rejects.toMatchObject({
    fix: expect.stringContaining(`carillon servers trust 127.0.0.1:${port} ${fingerprint}`),
  });
  known.trust(address, fingerprint);
  expect(await probeServer(known, address)).toEqual({ fingerprint, state: 'trusted' });
  (await reachServer(known, options)).port.close('Done');
  expect(known.find(address)?.usedAt).toBeGreaterThan(0);
  known.trust(address, pin);
  expect(await probeServer(known, address)).toEqual({ fingerprint, state: 'changed', expected: pin });
  await expect(reachServer(known, options)).rejects.toMatchObject({ reason: 'pin-mismatch' });
});
