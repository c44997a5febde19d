import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { checkConfiguration } from '#host/configuration/check-configuration.ts';
import { draftConfiguration } from '#test/draft-configuration.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-config-'));

afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | Uint8Array, mode: number): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  // Whatever the umask of whoever runs this.
  chmodSync(path, mode);
  return path;
};

const channel = { spn: 'PCNSCLNT/srv.fabrikam.lab' };

test('files that are missing, open to others or of no use are found', () => {
  const garbage = file('garbage', 'no certificate', 0o644);
  const open = file('open.keytab', keytab('PCNSCLNT', 'srv.fabrikam.lab'), 0o644);
  const { mistakes } = checkConfiguration(
    draftConfiguration({
      channel: { ...channel, keytab: open },
      'agents.0.connection.caFile': garbage,
      'agents.1.connection.caFile': join(folder, 'nowhere.pem'),
      keyKeeper: { kind: 'passphrase', path: 'relative' },
    }),
  );
  const found = Object.fromEntries(mistakes.map(({ path, message, fix }) => [path, `${message} ${fix}`]));
  expect(found['channel.keytab']).toMatch(/mode 644.*chmod 600/);
  expect(found['agents[0].connection.caFile']).toMatch(/no certificate in PEM/);
  expect(found['agents[1].connection.caFile']).toMatch(/does not exist/);
  expect(found['keyKeeper.path']).toMatch(/not an absolute path/);
});

test('a keytab without the service name, and one that shares its key, are told apart', () => {
  const foreign = file('foreign.keytab', keytab('ENTSSO', 'srv.fabrikam.lab'), 0o600);
  const wrong = checkConfiguration(draftConfiguration({ channel: { ...channel, keytab: foreign } }));
  expect(wrong.mistakes).toContainEqual(
    expect.objectContaining({
      severity: 'error',
      path: 'channel.keytab',
      message: expect.stringMatching(/ENTSSO/),
    }),
  );
  const shared = file(
    'shared.keytab',
    Buffer.concat([keytab('PCNSCLNT', 'srv.fabrikam.lab'), keytab('ENTSSO', 'srv.fabrikam.lab').subarray(2)]),
    0o600,
  );
  const both = checkConfiguration(draftConfiguration({ channel: { ...channel, keytab: shared } }));
  expect(both.mistakes).toContainEqual(
    expect.objectContaining({
      severity: 'warning',
      message: expect.stringMatching(/shares its key with ENTSSO/),
    }),
  );
  expect(both.configuration).toBeDefined();
});

test('services whose keytabs hold one key are of one account, those with keys of their own are not', () => {
  const pcns = file('pcns.keytab', keytab('PCNSCLNT', 'srv.fabrikam.lab', 1), 0o600);
  const check = (sso: string) =>
    checkConfiguration(
      draftConfiguration({
        channel: { ...channel, keytab: pcns },
        singleSignOn: { listen: { spn: 'ENTSSO/srv.fabrikam.lab', keytab: sso } },
      }),
    ).mistakes.filter(({ path }) => path.endsWith('keytab'));
  const same = file('sso-same.keytab', keytab('ENTSSO', 'srv.fabrikam.lab', 1), 0o600);
  expect(check(same)).toEqual([
    expect.objectContaining({ path: 'channel.keytab', message: expect.stringMatching(/with ENTSSO/) }),
    expect.objectContaining({
      path: 'singleSignOn.listen.keytab',
      message: expect.stringMatching(/with PCNSCLNT/),
    }),
  ]);
  expect(check(file('sso-own.keytab', keytab('ENTSSO', 'srv.fabrikam.lab', 2), 0o600))).toEqual([]);
  expect(check(file('sso-short.keytab', Buffer.from([5, 2, 0, 0, 0, 9, 0, 2]), 0o600))).toMatchObject([
    { severity: 'error', path: 'singleSignOn.listen.keytab', fix: 'Export the keytab anew.' },
  ]);
});

test('a service name with a short host is warned about', () => {
  const path = file('short.keytab', keytab('PCNSCLNT', 'srv'), 0o600);
  const { mistakes } = checkConfiguration(
    draftConfiguration({ channel: { spn: 'PCNSCLNT/srv', keytab: path } }),
  );
  expect(mistakes).toContainEqual(
    expect.objectContaining({
      severity: 'warning',
      path: 'channel.spn',
      message: expect.stringMatching(/6025/),
    }),
  );
});

/** A keytab of one entry with a key of one byte repeated, MIT format 2. */
function keytab(service: string, host: string, byte = 0): Buffer {
  const counted = (text: string): Buffer => {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const key = Buffer.alloc(32, byte);
  const entry = Buffer.concat([
    Buffer.from([0, 2]),
    counted('FABRIKAM.LAB'),
    counted(service),
    counted(host),
    Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 18, 0, 32]),
    key,
  ]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(entry.length);
  return Buffer.concat([Buffer.from([5, 2]), size, entry]);
}
