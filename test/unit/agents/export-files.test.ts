import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { AttributeValueParser } from '#agents/file/attribute-value-parser.ts';
import { DelimitedParser } from '#agents/file/delimited-parser.ts';
import { DsmlParser } from '#agents/file/dsml-parser.ts';
import type { FileParser } from '#agents/file/file-record.ts';
import { readFileText } from '#agents/file/file-text.ts';
import { FixedWidthParser } from '#agents/file/fixed-width-parser.ts';
import {
  delimitedLayoutSchema,
  type FileEncoding,
  fileEncodingSchema,
  fixedWidthLayoutSchema,
} from '#shared/model/agent-file.ts';
import { type ExportScene, exportScene } from '#test/export-scene.ts';

let folder: string;
let scene: ExportScene | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-export-files-'));
});

afterEach(async () => {
  await scene?.world.close();
  scene = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const path = (): string => join(folder, 'people');
const exportFile = (): string => join(folder, 'changes');
const written = (): string => readFileSync(exportFile(), 'utf8');

const delimited = {
  kind: 'delimited',
  anchor: ['id'],
  layout: { multivalue: [{ column: 'phone', separator: '|' }] },
};
const places = [
  { name: 'changetype', start: 1, width: 6 },
  { name: 'id', start: 8, width: 4 },
  { name: 'mail', start: 13, width: 20 },
  { name: 'title', start: 34, width: 8 },
  { name: 'phone', start: 43, width: 4 },
];
const fixedWidth = { kind: 'fixed-width', anchor: ['id'], layout: { skipLines: 1, columns: places } };
const attributeValue = { kind: 'attribute-value', anchor: ['id'] };
const dsml = {
  kind: 'dsml',
  partitions: [{ dn: 'OU=default' }],
  anchorAttribute: 'id',
};

function open(input: object, encoding: FileEncoding = 'utf-8'): ExportScene {
  const connection = { path: path(), encoding };
  scene = exportScene({ exportFile: exportFile(), ...input, connection });
  return scene;
}

/** The records of the file of changes, as the agent's own reader takes them. */
async function changes(parser: FileParser, encoding: FileEncoding = 'utf-8') {
  const items = [];
  const signal = AbortSignal.timeout(10_000);
  for await (const text of readFileText({ path: exportFile(), encoding }, signal))
    items.push(...parser.push(text));
  items.push(...parser.end());
  return items.map((item) => {
    if (item.kind === 'bad') return item;
    const change = item.change === 'content' ? {} : { change: [item.change] };
    return { ...change, ...Object.fromEntries(item.values) };
  });
}

const people = 'changetype: x\nid: e1\nmail: one\ntitle: Clerk\n\nid: e2\nmail: two\n';

/** Takes the file of people in, so that changes of theirs and deletions are to be exported. */
async function takeIn(input: object, text: string): Promise<ExportScene> {
  writeFileSync(path(), text);
  const opened = open({ ...input, join: [{ mappings: [{ connector: 'id', person: 'employeeId' }] }] });
  expect((await opened.world.run(opened.target, 'full-import-delta-sync')).result).toBe('success');
  return opened;
}

const wanted = {
  e1: { mail: ['one'], title: ['Chief'] },
  e2: { mail: ['two'], title: ['left'] },
  e3: { mail: ['th"r,ee'], phone: ['1', '22'] },
};

test('a delimited file of changes tells additions, changes and deletions in a column', async () => {
  const { exportOnly } = await takeIn(delimited, 'id,mail,title,phone\ne1,one,Clerk,\ne2,two,,\n');
  expect(await exportOnly(wanted)).toEqual({ result: 'success', words: [] });
  const parser = new DelimitedParser(delimitedLayoutSchema.parse(delimited.layout));
  expect(await changes(parser)).toEqual(
    expect.arrayContaining([
      { changetype: ['modify'], id: ['e1'], mail: ['one'], title: ['Chief'] },
      { changetype: ['delete'], id: ['e2'] },
      { changetype: ['add'], id: ['e3'], mail: ['th"r,ee'], phone: ['1', '22'] },
    ]),
  );
  expect(written().split('\n')[0]).toBe('changetype,id,mail,title,phone,displayName');
});

test('a fixed-width file of changes keeps each value at its place', async () => {
  const { exportOnly } = await takeIn(
    fixedWidth,
    `\n${'x'.padEnd(7)}e1   one${' '.repeat(18)}Clerk\n${' '.repeat(7)}e2   two\n`,
  );
  const { e1, e2 } = wanted;
  expect(await exportOnly({ e1, e2, e3: { mail: ['three'], phone: ['22'] } })).toEqual({
    result: 'success',
    words: [],
  });
  expect(await changes(new FixedWidthParser(fixedWidthLayoutSchema.parse(fixedWidth.layout)))).toEqual(
    expect.arrayContaining([
      { changetype: ['modify'], id: ['e1'], mail: ['one'], title: ['Chief'] },
      { changetype: ['delete'], id: ['e2'] },
      { changetype: ['add'], id: ['e3'], mail: ['three'], phone: ['22'] },
    ]),
  );
});

test('a file of attribute-value pairs names the change first', async () => {
  const { exportOnly } = await takeIn(attributeValue, people);
  const e3 = { mail: [' Ødegård\nand more'], phone: ['1', '22'] };
  expect(await exportOnly({ ...wanted, e3 })).toEqual({ result: 'success', words: [] });
  expect(await changes(new AttributeValueParser())).toEqual(
    expect.arrayContaining([
      { changetype: ['modify'], id: ['e1'], mail: ['one'], title: ['Chief'] },
      { changetype: ['delete'], id: ['e2'] },
      { changetype: ['add'], id: ['e3'], ...e3 },
    ]),
  );
  expect(written()).toMatch(/^changetype: /);
});

const entries = (dns: readonly string[], text: string): string =>
  `<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"><searchResponse>${dns
    .map(
      (id) =>
        `<searchResultEntry dn="CN=${id},OU=default"><attr name="id"><value>${id}</value></attr>${text}</searchResultEntry>`,
    )
    .join('')}</searchResponse></batchResponse>`;

test('a DSML file of changes is whole after each of them, and goes on in the next run', async () => {
  const mail = '<attr name="mail"><value>one</value></attr>';
  const { exportOnly } = await takeIn(dsml, entries(['e1', 'e2'], mail));
  const { e2 } = wanted;
  expect(await exportOnly({ e1: { mail: ['one'], title: ['Chief'] }, e2 })).toEqual({
    result: 'success',
    words: [],
  });
  const e3 = { mail: ['<three> & "more"\t]]>'], title: [' A\u0001 \r\n'], phone: ['1', '22'] };
  expect(await exportOnly({ e3 })).toEqual({ result: 'success', words: [] });
  const found = await changes(new DsmlParser(undefined));
  expect(found).toHaveLength(3);
  expect(found).toEqual(expect.arrayContaining([{ change: ['modify'] }, { change: ['delete'] }]));
  // What is no text of XML comes back as the base64 that stands for it.
  const title = [Buffer.from(e3.title[0] ?? '').toString('base64')];
  expect(found[2]).toEqual({ ...e3, change: ['add'], objectclass: ['person'], id: ['e3'], title });
  expect(written()).toContain(
    '<modification name="title" operation="replace"><value>Chief</value></modification>',
  );
  expect(written()).toContain('<delRequest dn="CN=e2,OU=default"/>');
});

test('what a layout cannot hold has its word, and the others are written', async () => {
  const { exportOnly } = open({ ...delimited, layout: { columns: ['id', 'mail', 'phone'], header: false } });
  writeFileSync(path(), '');
  const result = await exportOnly({
    e1: { mail: ['one'], title: ['no column'] },
    e2: { mail: ['two'], phone: ['1', '2'] },
    e3: { mail: ['three'] },
  });
  expect(result.result).toBe('completed-export-errors');
  expect([...result.words].sort()).toEqual(['constraint-violation', 'insufficient-columns']);
  expect(written()).toBe('add,e3,three,\n');
});

test('a fixed-width layout refuses what is too long, and what it has no way to tell', async () => {
  const layout = { columns: places.filter(({ name }) => name !== 'changetype') };
  const { exportOnly } = await takeIn({ ...fixedWidth, layout }, `${' '.repeat(7)}e2   two\n`);
  const result = await exportOnly({
    e2: { mail: ['two'], title: ['left'] },
    e3: { mail: ['three'], title: ['much too long'] },
    e4: { mail: ['four\nfive'] },
    e5: { mail: ['five'] },
  });
  expect([...result.words].sort()).toEqual([
    'insufficient-field-width',
    'no-export-to-this-object-type',
    'syntax-violation',
  ]);
  expect(written()).toBe(`${' '.repeat(7)}e5   five\n`);
});

test.each(fileEncodingSchema.options)('changes are written in %s', async (encoding) => {
  writeFileSync(path(), '');
  const { exportOnly } = open(delimited, encoding);
  const result = await exportOnly({ e1: { mail: ['Åsa'] }, e2: { mail: ['営業部'] } });
  const parser = new DelimitedParser(delimitedLayoutSchema.parse(delimited.layout));
  const found = await changes(parser, encoding);
  expect(found).toContainEqual({ changetype: ['add'], id: ['e1'], mail: ['Åsa'] });
  if (encoding.startsWith('utf'))
    expect(found).toContainEqual({ changetype: ['add'], id: ['e2'], mail: ['営業部'] });
  else expect(result.words).toEqual(['code-page-conversion']);
});

test('a file of other columns is left alone, and so is one that was cut off', async () => {
  writeFileSync(path(), '');
  writeFileSync(exportFile(), 'changetype,other\nadd,x\n');
  const first = open(delimited);
  expect((await first.exportOnly({ e1: { mail: ['one'] } })).result).toBe('stopped-export-write');
  expect(written()).toBe('changetype,other\nadd,x\n');
  renameSync(exportFile(), join(folder, 'moved'));
  expect(await first.exportOnly({})).toEqual({ result: 'success', words: [] });
  await first.world.close();
  writeFileSync(exportFile(), '<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"><delR');
  const second = open(dsml);
  expect((await second.exportOnly({ e1: { mail: ['one'] } })).result).toBe('stopped-export-write');
});

test('changes are not written into the file that is read', async () => {
  writeFileSync(path(), '');
  const { exportOnly } = open({ ...delimited, exportFile: path() });
  expect((await exportOnly({ e1: { mail: ['one'] } })).result).toBe('no-start-ma');
});
