import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { encodeSecretLine } from '#agents/extension/encode-secret-line.ts';
import type { ExtensionError } from '#agents/extension/extension-error.ts';
import { ExtensionLink } from '#agents/extension/extension-link.ts';
import { accountBookCommand } from '#agents/extension/own-program.ts';
import { extensionSchema } from '#shared/model/agent-extension.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-extension-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [word, book] = [join(folder, 'word'), join(folder, 'book.json')];
const secret = (text: string): SecretBytes => SecretBytes.copy(new TextEncoder().encode(text));
const object = { anchor: 'a1', dn: 'CN=a1,OU=default', type: 'person' };
const signal = (): AbortSignal => AbortSignal.timeout(60_000);

function open(): Promise<ExtensionLink> {
  const extension = extensionSchema.parse({
    command: process.execPath,
    arguments: [
      resolve('test/helpers/faulty-extension.ts'),
      word,
      process.execPath,
      resolve('samples/extensions/account-book.ts'),
    ],
    parameters: { file: book },
  });
  return ExtensionLink.open({ extension, agent: 'test', signal: signal() });
}

function tell(text: string): void {
  writeFileSync(word, text);
  const account = { type: 'person', attributes: {}, version: 1 };
  writeFileSync(
    book,
    JSON.stringify({ version: 1, accounts: { a1: account, g1: { ...account, type: 'group' } } }),
  );
}

async function setFails(text: string, limit = signal): Promise<ExtensionError> {
  tell(text);
  const link = await open();
  try {
    return await link.setPassword(object, secret('Extension-Pw-1'), { unlock: false }, limit()).then(
      () => {
        throw new Error('It did not fail');
      },
      (error: ExtensionError) => error,
    );
  } finally {
    expect(link.closed).toBe(!text.startsWith('say') && text !== 'tell');
    await link.close();
  }
}

test.each(['', 'a', 'ab', 'abc', 'Päss wörd 鍵'])('base64 without a string: "%s"', (text) => {
  const line = encodeSecretLine(new TextEncoder().encode(text));
  expect(Buffer.from(line).toString()).toBe(`${Buffer.from(text).toString('base64')}\n`);
});

test.each([
  ['crash', 'crashed', true],
  ['garble', 'garbled', true],
  ['say access-denied', 'access-denied', false],
  ['say policy-violation', 'policy-violation', false],
  ['say something-new', 'extension-error', false],
] as const)('an extension that does "%s" fails as %s', async (text, code, sent) => {
  const failure = await setFails(text);
  expect([failure.code, failure.sent]).toEqual([code, sent]);
});

test('an extension that hangs is ended at the time limit, and may have done its work', async () => {
  const failure = await setFails('hang', () => AbortSignal.timeout(700));
  expect([failure.code, failure.sent]).toEqual(['timeout', true]);
});

test('an answer that holds the password is not repeated', async () => {
  expect((await setFails('tell')).message).toBe(
    'The extension gives a reason that holds the password, so it is not shown',
  );
});

test('an object of another type is refused by name', async () => {
  tell('');
  const link = await open();
  const group = { ...object, anchor: 'g1' };
  await expect(
    link.setPassword(group, secret('Extension-Pw-1'), { unlock: false }, signal()),
  ).rejects.toMatchObject({ code: 'object-type-unsupported' });
  await link.setPassword(object, secret('Extension-Pw-1'), { unlock: false }, signal());
  await link.close();
  expect(readFileSync(book, 'utf8')).not.toContain('Extension-Pw-1');
});

test('an export tells of each object how it ended, and a delta import shows it', async () => {
  tell('');
  const link = await open();
  const results = [];
  const made = { anchor: 'n1', type: 'person', attributes: { employeeID: ['7'] } };
  for await (const { anchor, ok, error } of link.exportObjects(
    [
      { change: 'add', object: made },
      { change: 'add', object: made },
      { change: 'delete', object: { anchor: 'a1', attributes: {} } },
    ],
    signal(),
  ))
    results.push([anchor, ok, error]);
  expect(results).toEqual([
    ['n1', true, undefined],
    ['n1', false, 'cd-existing-object'],
    ['a1', true, undefined],
  ]);
  const lines = [];
  for await (const line of link.importObjects('1', signal())) lines.push(line);
  expect(lines).toMatchObject([
    { kind: 'deleted', anchor: 'a1' },
    { kind: 'object', object: { anchor: 'n1' } },
    { kind: 'end', watermark: '3' },
  ]);
  await link.close();
}, 300_000);

test('the sample program does the same in a thread, where there is no Node to run it, and ends when told', async () => {
  tell('tell');
  const extension = extensionSchema.parse({ command: accountBookCommand, parameters: { file: book } });
  const link = await ExtensionLink.open({ extension, agent: 'test', signal: signal() });
  await link.setPassword(object, secret('Thread-Pw-1'), { unlock: false }, signal());
  expect(await link.verifyPassword(object, secret('Thread-Pw-1'), signal())).toMatchObject({
    verdict: 'verified',
  });
  await expect(link.setPassword(object, secret('x'), { unlock: false }, signal())).rejects.toMatchObject({
    code: 'policy-violation',
  });
  await link.close();
  expect(link.closed).toBe(true);
  const hung = await ExtensionLink.open({ extension, agent: 'test', signal: signal() });
  hung.kill();
  await expect(
    hung.setPassword(object, secret('Thread-Pw-2'), { unlock: false }, signal()),
  ).rejects.toMatchObject({ code: 'crashed' });
}, 300_000);
