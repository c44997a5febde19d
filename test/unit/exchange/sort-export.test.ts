import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { sortExport } from '#exchange/migration/sort-export.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const application = '<application name="SAP"><description>ERP</description></application>';
const adapter =
  '<application name="SAPAdapter"><computer>sap.fabrikam.lab</computer><flags syncToAdapter="yes"/></application>';
const listing = 'Target Name....................: Sync\nServer FQDN or Address.........: sync.fabrikam.lab';

test('the files of three products are told apart by what stands in them', () => {
  const mim = readFileSync(join(import.meta.dirname, '../../fixtures/mim/MV.xml'));
  const sorted = sortExport(
    new Map([
      ['1.xml', new Uint8Array(mim)],
      ['2.xml', bytes(`<SSO>${application}</SSO>`)],
      ['3.xml', bytes(`<?xml version="1.0"?><sso>${adapter}</sso>`)],
      [
        '4.xml',
        bytes(
          '<sso><ENTSSOMA name="E" adma="ADMA"><Application name="SAP" sourceMA="SAPMA"/></ENTSSOMA></sso>',
        ),
      ],
      ['5.txt', bytes(listing)],
    ]),
  );
  expect(sorted.server?.metaverse).toBeDefined();
  expect([...sorted.applications.keys()]).toEqual(['2.xml']);
  expect([...sorted.adapters].map(([file, { definitions }]) => [file, definitions[0]?.name])).toEqual([
    ['3.xml', 'SAPAdapter'],
  ]);
  expect([...sorted.entsso.keys()]).toEqual(['4.xml']);
  expect(sorted.targets).toMatchObject([{ name: 'Sync', server: 'sync.fabrikam.lab' }]);
});

test.each([
  ['a bomb of entities', '<!DOCTYPE sso [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sso>&b;</sso>'],
  ['an entity from outside', '<!DOCTYPE sso SYSTEM "file:///etc/passwd"><sso/>'],
  ['a file that is cut off', '<sso><application name="SAP">'],
  ['an element that nobody knows', '<sso><script/></sso>'],
  ['neither XML nor a listing', 'hello'],
  ['nothing', ''],
])('%s is refused', (_, text) => {
  expect(() => sortExport(new Map([['file', bytes(text)]]))).toThrow(
    expect.objectContaining({ code: 'invalid_input' }),
  );
});

test('bytes that are no text are refused with their encoding', () => {
  const wrong = new Uint8Array([0x3c, 0x73, 0x73, 0x6f, 0xff, 0xfe]);
  expect(() => sortExport(new Map([['file.xml', wrong]]))).toThrow('file.xml is not text in UTF-8');
});
