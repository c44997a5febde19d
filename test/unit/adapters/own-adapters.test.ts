import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { readSockRequest } from '#adapters/openldap/sock-request.ts';
import type { ScriptConvention } from '#adapters/script/script-convention.ts';
import { createScriptWork } from '#adapters/script/script-work.ts';
import { makeNativeHash } from '#adapters/sql/mariadb-hash.ts';
import { preparePassword } from '#adapters/sql/prepare-password.ts';
import { makeScramVerifier } from '#adapters/sql/scram-verifier.ts';
import { secretOf, textOf } from '#test/sync-world.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'carillon-script-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function runScript(
  convention: ScriptConvention,
  body: string,
  password = 'Ge$heim "1\'\\',
): Promise<string> {
  const command = join(directory, 'hook');
  const out = join(directory, 'out');
  writeFileSync(command, `#!/bin/sh\n${body.replaceAll('OUT', `'${out}'`)}\n`, { mode: 0o700 });
  const work = createScriptWork({ command, arguments: [], convention, timeout: 10_000 });
  using secret = secretOf(password);
  using old = secretOf('Alt-1');
  const change = { trackingId: 'id', application: 'Payroll', externalAccount: 'jdoe', timestamp: 1 };
  await work.setPassword(change, secret, old, new AbortController().signal);
  return readFileSync(out, 'utf8');
}

test('a program of our own convention reads the passwords line by line', async () => {
  const body =
    'IFS= read -r new; IFS= read -r old; printf "%s|%s|%s" "$CARILLON_ACCOUNT" "$new" "$old" > OUT';
  expect(await runScript('carillon', body)).toBe('jdoe|Ge$heim "1\'\\|Alt-1');
});

test("a check password script of Samba's works unchanged", async () => {
  const body = 'printf "%s|" "$SAMBA_CPS_ACCOUNT_NAME" > OUT; cat >> OUT';
  expect(await runScript('samba-check', body)).toBe('jdoe|Ge$heim "1\'\\');
});

test("a syncpasswords script of Samba's gets LDIF and says that it is done", async () => {
  const body = 'cat > OUT; echo "DONE-EXIT: 0"';
  const ldif = await runScript('samba-sync', body, 'Gehéim');
  const value = /^virtualClearTextUTF8:: (.+)$/m.exec(ldif)?.[1] ?? '';
  expect(Buffer.from(value, 'base64').toString()).toBe('Gehéim');
  await expect(runScript('samba-sync', 'cat > OUT')).rejects.toThrow(/ended with 0/);
});

test("an LTB posthook finds its three arguments, and no process' argument list has the password", async () => {
  const body = 'printf "%s|%s|%s|" "$1" "$2" "$3" > OUT; tr "\\0" " " < /proc/$$/cmdline >> OUT';
  const [login, next, old, commandLine] = (await runScript('ltb', body, 'Geheim-1')).split('|');
  expect([login, next, old]).toEqual(['jdoe', 'Geheim-1', 'Alt-1']);
  expect(commandLine).not.toContain('Geheim-1');
});

test('an exit code is a refusal, 75 is later, and a password that the program prints goes no further', async () => {
  await expect(runScript('carillon', 'echo too short; exit 3')).rejects.toMatchObject({
    code: 3,
    isTemporary: false,
    message: expect.stringContaining('too short'),
  });
  await expect(runScript('carillon', 'exit 75')).rejects.toMatchObject({ isTemporary: true });
  const printed = runScript('carillon', 'cat; exit 1', 'Geheim-1');
  await expect(printed).rejects.toThrow(/output is left out/);
});

test("a SCRAM verifier is the one that PostgreSQL's own client computes", async () => {
  // libpq: PQencryptPasswordConn('pencil', 'user', 'scram-sha-256') with the salt of RFC 7677 3.
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  using password = secretOf('pencil');
  expect(await makeScramVerifier(password, salt)).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

test('a password is normalised as SASLprep says', () => {
  using wide = secretOf('Ｉ\u00adX\u00a0');
  using prepared = preparePassword(wide);
  expect(textOf(prepared)).toBe('IX ');
});

test("MariaDB's hash is its own", () => {
  using password = secretOf('mypass');
  expect(makeNativeHash(password)).toBe('*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4');
});

test('the overlay tells of a modification, a password operation and its outcome', () => {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const modify = readSockRequest(
    encode(
      `MODIFY\nmsgid: 3\nconnid: 7\nbinddn: uid=a,dc=x\ndn: uid=b,dc=x\nreplace: userPassword\nuserPassword:: ${Buffer.from('Gehéim').toString('base64')}\n-\n\n`,
    ),
  );
  expect(modify).toMatchObject({ kind: 'password', key: '7/3', target: 'uid=b,dc=x', boundAs: 'uid=a,dc=x' });
  expect(modify.kind === 'password' && textOf(modify.password)).toBe('Gehéim');
  const value = Buffer.from([0x30, 0x0a, 0x81, 0x03, 0x6f, 0x6c, 0x64, 0x82, 0x03, 0x6e, 0x65, 0x77]);
  const extended = readSockRequest(
    encode(
      `EXTENDED\nmsgid: 4\nconnid: 7\nbinddn: uid=b,dc=x\noid: 1.3.6.1.4.1.4203.1.11.1\nvalue: ${value.toString('base64')}\n\n`,
    ),
  );
  expect(extended).toMatchObject({ kind: 'password', target: 'uid=b,dc=x' });
  expect(extended.kind === 'password' && textOf(extended.password)).toBe('new');
  expect(readSockRequest(encode('RESULT\nmsgid: 4\nconnid: 7\ncode: 19\n\n'))).toEqual({
    kind: 'result',
    key: '7/4',
    code: 19,
  });
  const hashed = encode('MODIFY\nmsgid: 4\ndn: uid=b\nreplace: userPassword\nuserPassword: {SSHA}abc\n-\n\n');
  expect(readSockRequest(hashed)).toEqual({ kind: 'other' });
});
