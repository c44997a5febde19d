import { DatabaseSync } from 'node:sqlite';

import { expect, test } from 'vitest';

import { applyMigrations } from '#store/migration.ts';
import { storeMigrations } from '#store/migrations.ts';

test('objects of an older store keep their rows, what waits to be exported, their numbers and their rules', () => {
  const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true, defensive: true });
  const at = storeMigrations.findIndex(({ name }) => name === '0130-plain-rules');
  applyMigrations(database, storeMigrations.slice(0, at));
  database.exec(`INSERT INTO space (id, agent) VALUES (1, 'a');
    INSERT INTO space_partition (id, space, dn, folded_dn) VALUES (1, 1, 'DC=a', 'dc=a');
    INSERT INTO person (id, guid, object_type, attributes) VALUES (7, 'g', 'person', '{}');
    INSERT INTO connector (id, space, partition, anchor, dn, folded_dn, object_type, attributes, state, person, link)
      VALUES (3, 1, 1, 'x', 'CN=x', 'cn=x', 'user', '{}', 'connector', 7, 'join');
    INSERT INTO connector (id, space, partition, anchor, dn, folded_dn, object_type, attributes, pending)
      VALUES (4, 1, 1, 'y', 'CN=y', 'cn=y', 'user', '{}', 'add'), (9, 1, 1, 'z', 'CN=z', 'cn=z', 'user', '{}', NULL);
    INSERT INTO connector_count VALUES (1, 'connector', 1), (1, 'disconnector', 2);
    INSERT INTO password_stamp (connector, incoming_at) VALUES (3, 1), (9, 1);
    INSERT INTO pending_export (partition, space, operation, connector) VALUES (1, 1, 'update', 3);
    INSERT INTO pending_export (partition, space, operation, person) VALUES (1, 1, 'add', 7);
    DELETE FROM connector WHERE id = 9`);
  const read = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  const tables = ['connector', 'connector_count', 'pending_export', 'password_stamp', 'sqlite_sequence'];
  const all = () => tables.map((table) => read(`SELECT * FROM ${table} ORDER BY 1, 2`));
  const before = all();
  applyMigrations(database, storeMigrations.slice(at, at + 1));
  expect(all()).toEqual(before);
  expect(read('PRAGMA foreign_key_check')).toEqual([]);

  const add = (state: string) =>
    `INSERT INTO connector (space, partition, anchor, dn, folded_dn, object_type, attributes, state)
     VALUES (1, 1, '${state}', 'CN=n', 'cn=n', 'user', '{}', '${state}')`;
  expect(() => database.exec(add('elsewhere'))).toThrow('CHECK');
  expect(() => database.exec(add('connector'))).toThrow('CHECK');
  expect(() => database.exec("UPDATE connector SET pending = 'soon' WHERE id = 4")).toThrow('CHECK');
  expect(() => database.exec("UPDATE connector SET link = 'luck' WHERE id = 3")).toThrow('CHECK');
  database.exec(add('filtered'));
  expect(read("SELECT id FROM connector WHERE anchor = 'filtered'")).toEqual([{ id: 10 }]);
  database.exec("UPDATE connector SET state = 'disconnector', person = NULL, link = NULL WHERE id = 3");
  database.exec('DELETE FROM connector WHERE id = 3');
  expect(read('SELECT operation FROM pending_export')).toEqual([{ operation: 'add' }]);
  expect(read('SELECT * FROM password_stamp')).toEqual([]);
  expect(read("SELECT count FROM connector_count WHERE state = 'disconnector'")).toEqual([{ count: 1 }]);
});
