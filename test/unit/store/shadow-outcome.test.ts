import { DatabaseSync } from 'node:sqlite';

import { expect, test } from 'vitest';

import { applyMigrations } from '#store/migration.ts';
import { storeMigrations } from '#store/migrations.ts';

test('deliveries of an older store keep their rows, counts and rules, and can end as shadowed', () => {
  const database = new DatabaseSync(':memory:');
  const at = storeMigrations.findIndex(({ name }) => name === '0100-shadow-outcome');
  applyMigrations(database, storeMigrations.slice(0, at));
  database.exec(`INSERT INTO change VALUES
    (1, 't1', 'FABRIKAM', 'alice', 'g1', 'dc1', 1, 1, 1, 1, 9, NULL, NULL, NULL, NULL, NULL, NULL, '[]'),
    (2, 't2', 'FABRIKAM', 'bob', 'g2', 'dc1', 1, 1, 1, 1, 9, NULL, NULL, NULL, NULL, NULL, NULL, '[]')`);
  database.exec(`INSERT INTO delivery (sequence, target, connector, state, sealed, next_attempt_at, expires_at)
    VALUES (1, 'a', 1, 'waiting', x'01', 1, 9), (2, 'a', 2, 'waiting', x'02', 1, 9)`);
  database.exec(
    "UPDATE delivery SET state = 'settled', sealed = NULL, outcome = 'delivered', settled_at = 2 WHERE id = 1",
  );
  const read = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  const before = [read('SELECT * FROM delivery'), read('SELECT * FROM depth'), read('SELECT * FROM tally')];
  applyMigrations(database, storeMigrations.slice(at));
  expect([read('SELECT * FROM delivery'), read('SELECT * FROM depth'), read('SELECT * FROM tally')]).toEqual(
    before,
  );
  const end = (outcome: string) =>
    `UPDATE delivery SET state = 'settled', sealed = NULL, outcome = '${outcome}', settled_at = 2 WHERE id = 2`;
  expect(() => database.exec(end('forgotten'))).toThrow('CHECK');
  database.exec(end('shadowed'));
  expect(read("SELECT count FROM tally WHERE outcome = 'shadowed'")).toEqual([{ count: 1 }]);
  expect(read("SELECT count FROM depth WHERE state = 'waiting'")).toEqual([{ count: 0 }]);
  expect(() => database.exec('UPDATE delivery SET event = 1 WHERE id = 2')).toThrow('does not change');
});
