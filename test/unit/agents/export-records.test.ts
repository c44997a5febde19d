import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { LdifParser } from '#agents/file/ldif-parser.ts';
import { schemaSourceOf } from '#agents/schema-source-of.ts';
import { agentSchema } from '#shared/model/agent.ts';
import { type ExportScene, expectPeopleWritten, exportScene } from '#test/export-scene.ts';

let folder: string;
let scene: ExportScene | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-export-'));
});

afterEach(async () => {
  await scene?.world.close();
  scene = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const multivalue = { table: 'contact', attributeColumn: 'attribute', valueColumn: 'value' };

function sqliteInput() {
  const path = join(folder, 'people.db');
  const database = new DatabaseSync(path);
  database.exec(`CREATE TABLE people (id TEXT PRIMARY KEY, kind TEXT, mail TEXT NOT NULL UNIQUE, title TEXT);
    CREATE TABLE contact (id TEXT, attribute TEXT, value TEXT);
    CREATE VIEW everybody AS SELECT id FROM people`);
  database.close();
  const common = { kind: 'sqlite', connection: { path }, table: 'people', anchor: ['id'] };
  return { ...common, objectTypeColumn: 'kind', multivalue };
}

function read(sql: string) {
  const database = new DatabaseSync(join(folder, 'people.db'), { readOnly: true });
  const rows = database.prepare(sql).all();
  database.close();
  return rows;
}

function extensionInput() {
  const file = join(folder, 'book.json');
  writeFileSync(file, JSON.stringify({ version: 1, accounts: {} }));
  const sample = resolve('samples/extensions/account-book.ts');
  return {
    kind: 'extension',
    connection: { command: process.execPath, arguments: [sample], parameters: { file } },
  };
}

test('people are made, changed and deleted in a table, with the values that stand in another one', async () => {
  scene = exportScene(sqliteInput());
  await expectPeopleWritten(scene, async () =>
    Object.fromEntries(
      read('SELECT * FROM people').map(({ id, mail, title }) => {
        const phones = read(
          `SELECT value FROM contact WHERE id = '${id}' AND attribute = 'phone' ORDER BY value`,
        );
        return [
          String(id),
          {
            mail: [String(mail)],
            ...(title !== null && { title: [String(title)] }),
            ...(phones.length > 0 && { phone: phones.map(({ value }) => String(value)) }),
          },
        ];
      }),
    ),
  );
  expect(read("SELECT * FROM people WHERE kind <> 'person'")).toEqual([]);
});

test('people are made, changed and deleted through an extension', async () => {
  scene = exportScene(extensionInput());
  await expectPeopleWritten(scene, async () => {
    const { accounts } = JSON.parse(readFileSync(join(folder, 'book.json'), 'utf8'));
    return Object.fromEntries(
      Object.entries<{ deleted?: boolean; attributes: Record<string, string[]> }>(accounts)
        .filter(([, { deleted }]) => deleted !== true)
        .map(([anchor, { attributes }]) => {
          const { id: _, ...rest } = attributes;
          return [anchor, Object.fromEntries(Object.entries(rest).filter(([, values]) => values.length > 0))];
        }),
    );
  });
});

test('what a table refuses has its word, and the others are written', async () => {
  scene = exportScene(sqliteInput());
  const taken = { mail: ['same@fabrikam.lab'] };
  expect(
    await scene.exportOnly({ e1: taken, e2: taken, e3: {}, e4: { mail: ['four@fabrikam.lab'] } }),
  ).toEqual({
    result: 'completed-export-errors',
    words: ['cd-existing-object', 'constraint-violation'],
  });
  expect(read('SELECT id FROM people ORDER BY id')).toEqual([{ id: 'e1' }, { id: 'e4' }]);
});

test('a row that is gone is a missing object, and a database that is gone ends the run', async () => {
  scene = exportScene(sqliteInput());
  await scene.flowOut({ e1: { mail: ['one@fabrikam.lab'] } });
  const database = new DatabaseSync(join(folder, 'people.db'));
  database.exec('DELETE FROM people');
  database.close();
  expect(await scene.exportOnly({ e1: { mail: ['two@fabrikam.lab'] } })).toEqual({
    result: 'completed-export-errors',
    words: ['cd-missing-object'],
  });
  rmSync(join(folder, 'people.db'));
  expect(await scene.exportOnly({ e1: { mail: ['three@fabrikam.lab'] } })).toMatchObject({
    result: 'no-start-connection',
  });
});

test('people are written to an LDIF file as changes that its own reader understands', async () => {
  const [path, exportFile] = [join(folder, 'people.ldif'), join(folder, 'changes.ldif')];
  writeFileSync(path, 'version: 1\n\ndn: CN=e9,OU=default\nobjectClass: person\nmail: nine\n');
  const connection = { path };
  scene = exportScene({
    kind: 'ldif',
    connection,
    exportFile,
    partitions: [{ dn: 'OU=default' }],
    anchorAttribute: 'mail',
    join: [{ mappings: [{ connector: 'mail', person: 'mail' }] }],
  });
  await scene.world.run(scene.target, 'full-import-delta-sync');
  const kim = { mail: ['kim'], title: [' Ødegård: "<"'], phone: ['1', '22'] };
  expect(await scene.exportOnly({ e1: kim, e2: { mail: ['nine'], title: ['Clerk'] } })).toMatchObject({
    result: 'success',
  });
  const text = readFileSync(exportFile, 'utf8');
  const parser = new LdifParser(undefined);
  const items = [...parser.push(text), ...parser.end()];
  expect(items).toMatchObject([
    { kind: 'record', change: 'add', dn: 'CN=e1,OU=default' },
    { kind: 'record', change: 'modify', dn: 'CN=e9,OU=default' },
  ]);
  const [made] = items;
  expect(made?.kind === 'record' && Object.fromEntries(made.values)).toMatchObject({
    mail: ['kim'],
    title: [' Ødegård: "<"'],
    phone: ['1', '22'],
  });
});

const schemaOf = (input: object, types: readonly string[] = []) =>
  schemaSourceOf(agentSchema.parse({ id: crypto.randomUUID(), name: 'one', ...input }), {
    credentials: async () => {
      throw new Error('There is no password');
    },
    tryCredentials: async () => undefined,
  }).readSchema(types, AbortSignal.timeout(20_000));

test('a database tells its tables, its columns and the attributes in its table of values', async () => {
  const input = sqliteInput();
  const database = new DatabaseSync(join(folder, 'people.db'));
  database.exec(
    "INSERT INTO people VALUES ('e1', 'clerk', 'm', NULL); INSERT INTO contact VALUES ('e1', 'phone', '1')",
  );
  database.close();
  const found = await schemaOf(input);
  expect(found).toMatchObject({ objectTypes: ['clerk'], tables: ['contact', 'everybody', 'people'] });
  expect(found.attributes.map(({ name, multivalued, anchor }) => [name, multivalued, anchor])).toEqual([
    ['id', false, true],
    ['kind', false, false],
    ['mail', false, false],
    ['title', false, false],
    ['phone', true, false],
  ]);
  expect(await schemaOf({ ...input, table: 'nowhere' })).toMatchObject({
    attributes: [],
    tables: expect.any(Array),
  });
});

test('a file tells the columns of its header in their own spelling, and what its records hold', async () => {
  const path = join(folder, 'people.csv');
  writeFileSync(path, 'Login,employeeID,Kind\ne1,1,clerk\n');
  const delimited = { kind: 'delimited', connection: { path }, anchor: ['login'], objectTypeColumn: 'Kind' };
  const found = await schemaOf(delimited);
  expect(found.attributes.map(({ name, anchor }) => [name, anchor])).toEqual([
    ['Login', true],
    ['employeeID', false],
    ['Kind', false],
  ]);
  expect(found.objectTypes).toEqual(['clerk']);
  writeFileSync(path, 'dn: uid=a,dc=x\nobjectClass: top\nobjectClass: person\nmail: a\nmail: b\n');
  const ldif = await schemaOf({ kind: 'ldif', connection: { path }, partitions: [{ dn: 'dc=x' }] });
  expect(ldif.objectTypes).toEqual(['person']);
  expect(ldif.attributes.map(({ name, multivalued }) => [name, multivalued])).toEqual([
    ['objectclass', true],
    ['mail', true],
  ]);
});

test('an extension tells its schema', async () => {
  const { attributes, objectTypes } = await schemaOf(extensionInput());
  expect(objectTypes).toEqual(['person']);
  expect(attributes.find(({ name }) => name === 'mail')).toMatchObject({
    multivalued: true,
    required: false,
  });
});
