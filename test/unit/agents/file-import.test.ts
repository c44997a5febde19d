import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { FileImport } from '#agents/file/file-import.ts';
import { ImportFailure } from '#identity/import-failure.ts';
import type { ImportItem, ImportPage } from '#identity/import-source.ts';
import { agentSchema, isFileAgent } from '#shared/model/agent.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'people.csv');
const signal = new AbortController().signal;
const options = { pageSize: 100, timeout: 10_000, signal };

function open(
  settings: object = {},
  more: { readonly kind?: string; readonly partitions?: readonly object[] } = {},
) {
  const agent = agentSchema.parse({
    id: randomUUID(),
    name: 'People',
    kind: 'delimited',
    connection: { path, ...settings },
    ...(more.kind === undefined ? { anchor: ['id', 'site'] } : {}),
    flow: [{ connector: 'Name', person: 'displayName' }],
    ...more,
  });
  const [partition] = agent.partitions;
  if (!isFileAgent(agent) || partition === undefined) throw new Error('No agent of a file');
  return { source: new FileImport(agent), partition };
}

async function gather(pages: AsyncIterable<ImportPage>) {
  const items: ImportItem[] = [];
  let last: ImportPage = { items: [] };
  for await (const page of pages) {
    items.push(...page.items);
    last = page;
  }
  return { items, last };
}

async function failureOf(pages: AsyncIterable<ImportPage>): Promise<ImportFailure> {
  const failure = await gather(pages).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof ImportFailure) return failure;
  throw new Error('It did not fail as an import does', { cause: failure });
}

test('columns of an anchor are put together, and only what rules use is kept', async () => {
  writeFileSync(path, 'id,site,name,salary\n1+1,A,"Lee, Ann",5\n');
  const { source, partition } = open();
  const { items } = await gather(source.fullImport(partition, options));
  expect(items).toEqual([
    {
      kind: 'object',
      object: {
        anchor: '1\\+1+A',
        dn: 'CN=1\\\\\\+1\\+A,OU=default',
        objectType: 'person',
        attributes: { Name: ['Lee, Ann'] },
      },
    },
  ]);
  expect(await source.fetchObject(partition, '1\\+1+A', signal)).toMatchObject({ anchor: '1\\+1+A' });
});

test('a bad record names its place and the rest is taken; the first of two counts', async () => {
  writeFileSync(path, 'id,site,name\n1,A,Ann\n2,A\n,A,Bo\n1,A,Other\n3,A,Cy\n');
  const { source, partition } = open();
  const { items } = await gather(source.fullImport(partition, options));
  expect(
    items.map((item) => (item.kind === 'object' ? item.object.anchor : 'word' in item && item.word)),
  ).toEqual(['1+A', 'parse-error', 'missing-anchor-component', 'duplicate-object', '3+A']);
  expect(items[1]).toMatchObject({
    detail: `${path}, line 3, column 1: The record has 2 values for 3 columns`,
  });
});

test.each([
  ['utf-8', Buffer.from('\uFEFFid,site,name\n1,A,Åsa€\n')],
  ['utf-16le', Buffer.from('\uFEFFid,site,name\n1,A,Åsa€\n', 'utf16le')],
  ['utf-16be', Buffer.from('\uFEFFid,site,name\n1,A,Åsa€\n', 'utf16le').swap16()],
])('a byte order mark tells %s, whatever the setting', async (_, bytes) => {
  writeFileSync(path, bytes);
  const { source, partition } = open({ encoding: 'windows-1252' });
  const { items } = await gather(source.fullImport(partition, options));
  expect(items).toMatchObject([{ object: { attributes: { Name: ['Åsa€'] } } }]);
});

test.each([
  ['windows-1252', 0x80, '€'],
  ['iso-8859-1', 0x80, '\u0080'],
] as const)('%s reads its own characters', async (encoding, byte, character) => {
  writeFileSync(path, Buffer.concat([Buffer.from('id,site,name\n1,A,'), Buffer.from([byte, 0xc5])]));
  const { source, partition } = open({ encoding });
  const { items } = await gather(source.fullImport(partition, options));
  expect(items).toMatchObject([{ object: { attributes: { Name: [`${character}Å`] } } }]);
});

test('bytes that the encoding does not know spoil their record only', async () => {
  writeFileSync(
    path,
    Buffer.concat([Buffer.from('id,site,name\n1,A,'), Buffer.from([0xff]), Buffer.from('\n2,A,Bo\n')]),
  );
  const { source, partition } = open();
  const { items } = await gather(source.fullImport(partition, options));
  expect(items).toMatchObject([
    { kind: 'unreadable', detail: expect.stringContaining('line 2, column 5: Bytes') },
    { kind: 'object', object: { anchor: '2+A' } },
  ]);
});

test('a delta import reads a changed file as a whole, and one that is the same not at all', async () => {
  writeFileSync(path, 'id,site,name\n1,A,Ann\n');
  const { source, partition } = open();
  const { last } = await gather(source.fullImport(partition, options));
  const watermark = last.watermark ?? '';
  expect(await gather(source.deltaImport(partition, watermark, options))).toEqual({
    items: [],
    last: { items: [], watermark },
  });
  appendFileSync(path, '2,A,Bo\n');
  const changed = await gather(source.deltaImport(partition, watermark, options));
  expect(changed.items).toHaveLength(2);
  expect(changed.last).toMatchObject({ complete: true });
});

test('entries before the fault of an XML file are taken', async () => {
  const entry = '<addRequest dn="cn=a,dc=lab"><attr name="Name"><value>Ann</value></attr></addRequest>';
  writeFileSync(
    path,
    `<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core">\n${entry}\n<oops</batchRequest>`,
  );
  const { source, partition } = open({}, { kind: 'dsml', partitions: [{ dn: 'dc=lab' }] });
  const shown: ImportItem[] = [];
  const reading = async () => {
    for await (const { items } of source.fullImport(partition, options)) shown.push(...items);
  };
  await expect(reading()).rejects.toThrow(`${path}, line 3, column 6`);
  expect(shown).toMatchObject([{ object: { dn: 'cn=a,dc=lab', attributes: { Name: ['Ann'] } } }]);
});

test('a file that is written while it is read ends the import before anything is deleted', async () => {
  writeFileSync(path, 'id,site,name\n1,A,Ann\n2,A,Bo\n');
  const { source, partition } = open();
  const pages = source.fullImport(partition, { ...options, pageSize: 1 })[Symbol.asyncIterator]();
  await pages.next();
  appendFileSync(path, '3,A,Cy\n');
  const rest = { [Symbol.asyncIterator]: () => pages };
  expect((await failureOf(rest)).result).toBe('stopped-file-error');
});

test('a missing file and a header that does not fit are told apart', async () => {
  const { source, partition } = open({ path: join(folder, 'nothing') });
  expect((await failureOf(source.fullImport(partition, options))).result).toBe('no-start-file-not-found');
  expect((await source.testConnection(signal)).at(-1)).toMatchObject({ name: 'connect', ok: false });
  writeFileSync(path, 'id,id\n1,2\n');
  const other = open();
  const failure = await failureOf(other.source.fullImport(other.partition, options));
  expect(failure.result).toBe('no-start-header-row-mismatch');
  expect(failure.message).toContain(`${path}, line 1, column 1`);
});
