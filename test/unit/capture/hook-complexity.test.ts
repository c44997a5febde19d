import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { buildHook } from '#capture/build-hook.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-complexity-'));
const program = join(folder, 'carillon-hook');
const configuration = join(folder, 'hook.conf');

beforeAll(async () => {
  await buildHook(program);
  // Nobody listens there: what passes the rule is let through at once.
  writeFileSync(configuration, `socket = ${folder}/nobody.sock\nwhen-away = open\n`, { mode: 0o644 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function judge(password: string | Buffer, account = 'jdoe', fullName?: string, settings = configuration) {
  const env = {
    SAMBA_CPS_ACCOUNT_NAME: account,
    ...(fullName === undefined ? {} : { SAMBA_CPS_FULL_NAME: fullName }),
  };
  return spawnSync(program, [settings], { input: password, env });
}

const rows: readonly [password: string, accepted: boolean, why: string][] = [
  ['aaaaaaaaaaaaa', false, 'one category'],
  ['aaaaaaa1', false, 'two categories'],
  ['AAAAAAA1', false, 'two categories, upper case and digits'],
  ['aaaaAAAA', false, 'two categories, both cases'],
  ['aaaAAA11', true, 'lower, upper, digit'],
  ['aaa111--', true, 'lower, digit, symbol'],
  ['AAA111--', true, 'upper, digit, symbol'],
  ['aaaAAA--', true, 'lower, upper, symbol'],
  ['aaaa1111 ', false, 'a space is in no category'],
  ['éÉ1111', true, 'letters with accents have cases'],
  ['ééééé111', false, 'lower with accents and digits only'],
  ['яЯ111111', true, 'Cyrillic has cases'],
  ['σΣ111111', true, 'Greek has cases'],
  ['日本語aaa1', true, 'letters without case are a category'],
  ['日本語日本語', false, 'letters without case alone'],
  ['日本語aaaa', false, 'letters without case and lower case'],
  ['ß111--', true, 'a sharp s is lower case'],
  ['😀aaaA', true, 'beyond the basic plane counts as without case'],
  ['aA1', true, "the length is not this rule's"],
  ['~!@#$%^&*_-+=`|\\(){}[]:;"\'<>,.?/', false, 'symbols are one category'],
  ['"aA', true, 'a quote is a symbol'],
  ['', false, 'empty'],
];
test.each(rows)('%s is judged as the domain would', (password, accepted) => {
  expect(judge(password).status).toBe(accepted ? 0 : 1);
});

const names: readonly [password: string, account: string, fullName: string | undefined, accepted: boolean][] =
  [
    ['Xjdoe123', 'jdoe', undefined, false],
    ['XJDOE123-', 'jdoe', undefined, false],
    ['Xjd0e123', 'jdoe', undefined, true],
    ['Xjd12345', 'jd', undefined, true],
    ['Xdoe12345', 'jdoe2', 'John Doe', false],
    ['XJOHN123a', 'u1', 'John Doe', false],
    ['Xjohndoe1', 'u1', 'John.Doe', false],
    ['XalB12345', 'u1', 'Al B', true],
    ['Müller123', 'u1', 'Anna MÜLLER', false],
    ['XsmithX1', 'u1', 'anna_smith', false],
    ['Xanna-X1', 'u1', 'Anna-Lena', false],
    ['Xlena#X1', 'u1', 'Anna#Lena', false],
    ['Xtab12345', 'u1', 'A\tTab', false],
    ['Xohn Doe1', 'u1', 'Zohn Doe', false],
    ['Xa.b1234', 'a.b', undefined, false],
  ];
test.each(names)(
  '%s of account %s, %s, is held against both names',
  (password, account, fullName, accepted) => {
    expect(judge(password, account, fullName).status).toBe(accepted ? 0 : 1);
  },
);

test('bytes that are no UTF-8 are refused', () => {
  expect(judge(Buffer.from([0x61, 0x41, 0x31, 0xff])).status).toBe(1);
  expect(judge(Buffer.from([0x61, 0x41, 0x31, 0xc0, 0x80])).status).toBe(1);
  expect(judge(Buffer.from([0x61, 0x41, 0x31, 0xed, 0xa0, 0x80])).status).toBe(1);
});

test('a password longer than 2048 bytes is refused', () => {
  expect(judge(`aA1${'x'.repeat(2045)}`).status).toBe(0);
  expect(judge(`aA1${'x'.repeat(2046)}`).status).toBe(1);
});

test('the rule can be switched off', () => {
  const off = join(folder, 'off.conf');
  writeFileSync(off, `socket = ${folder}/nobody.sock\ncomplexity = off\n`, { mode: 0o644 });
  expect(judge('aaaaaaaa', 'jdoe', undefined, off).status).toBe(0);
});

test('closed refuses what open lets through while nobody listens', () => {
  const closed = join(folder, 'closed.conf');
  writeFileSync(closed, `socket = ${folder}/nobody.sock\nwhen-away = closed\n`, { mode: 0o644 });
  expect(judge('Good-Passw0rd').status).toBe(0);
  expect(judge('Good-Passw0rd', 'jdoe', undefined, closed).status).toBe(2);
});

test('settings that another user could have written do not count', () => {
  const loose = join(folder, 'loose.conf');
  writeFileSync(loose, 'complexity = off\n', { mode: 0o666 });
  spawnSync('chmod', ['666', loose]);
  expect(judge('aaaaaaaa', 'jdoe', undefined, loose).status).toBe(1);
});

test('a setting that is not understood is told and left out', () => {
  const odd = join(folder, 'odd.conf');
  writeFileSync(odd, `socket = ${folder}/nobody.sock\ndeadline-ms = soon\nnonsense\n`, { mode: 0o644 });
  const { status, stderr } = judge('Good-Passw0rd', 'jdoe', undefined, odd);
  expect(status).toBe(0);
  expect(stderr.toString()).toContain('"deadline-ms" is not understood');
});

test('no message of the hook holds the password', () => {
  for (const password of ['canary-aaaa', 'Canary-1-canary', `Canary-1${'x'.repeat(3000)}`]) {
    expect(judge(password).stderr.toString()).not.toMatch(/canary/i);
  }
});
