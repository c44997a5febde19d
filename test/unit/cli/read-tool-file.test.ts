import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { readToolFile } from '#cli/sso/read-tool-file.ts';
import { readSsoXml } from '#exchange/entsso/read-sso-xml.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-tool-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const application = (declared: string): string =>
  `<?xml version="1.0" encoding="${declared}"?><sso><application name="SAP"><description>Größe</description></application></sso>`;
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

test.each<[declared: string, bytes: (text: string) => Buffer]>([
  ['utf-8', (text) => Buffer.from(text)],
  ['UTF-8', (text) => Buffer.from(`\uFEFF${text}`)],
  ['utf-16', utf16],
  ['iso-8859-1', (text) => Buffer.from(text, 'latin1')],
  ['Windows-1252', (text) => Buffer.from(text, 'latin1')],
])('a file in %s is read as what it says', (declared, encode) => {
  const path = join(folder, declared);
  writeFileSync(path, encode(application(declared)));
  expect(readSsoXml(readToolFile(path), path).definitions[0]?.values).toEqual({ description: 'Größe' });
});

test('a file that is in none of them is refused with what to do', () => {
  const path = join(folder, 'none.xml');
  writeFileSync(path, Buffer.from(application('utf-8'), 'latin1'));
  expect(() => readToolFile(path)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/not text in/), fix: 'Save it as UTF-8.' }),
  );
});
