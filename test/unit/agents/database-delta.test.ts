import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { importSourceOf } from '#agents/import-source-of.ts';
import { agentSchema } from '#shared/model/agent.ts';
import { IdentityWorld } from '#test/identity-world.ts';

let folder: string;
let database: DatabaseSync;
let world: IdentityWorld | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-delta-'));
  database = new DatabaseSync(join(folder, 'people.db'));
  database.exec(`CREATE TABLE people (id TEXT PRIMARY KEY, mail TEXT, version INTEGER);
    CREATE TABLE changed (id TEXT, mail TEXT, what TEXT);
    INSERT INTO people VALUES ('a', 'a@x', 9), ('b', 'b@x', 10)`);
});

afterEach(async () => {
  await world?.close();
  database.close();
  rmSync(folder, { recursive: true });
});

function open(delta?: object) {
  const agent = agentSchema.parse({
    kind: 'sqlite',
    id: crypto.randomUUID(),
    name: 'people',
    connection: { path: join(folder, 'people.db') },
    table: 'people',
    anchor: ['id'],
    ...(delta && { delta }),
    project: true,
    flow: [{ connector: 'mail', person: 'mail' }],
    runProfiles: (['full-import-stage-only', 'delta-import-stage-only'] as const).map((type) => ({
      name: type,
      steps: [{ type }],
    })),
  });
  const credentials = async () => {
    throw new Error('There is no password');
  };
  world = new IdentityWorld([agent], (one) =>
    importSourceOf(one, { credentials, tryCredentials: async () => undefined, now: Date.now }),
  );
  const current = world;
  return async (kind: 'full' | 'delta') => {
    const { result, steps } = await current.run(agent, `${kind}-import-stage-only`);
    const { adds, updates, deletes, unchanged, failures } = steps[0]?.statistics.staging ?? {};
    return { result, detail: steps[0]?.detail, counts: [adds, updates, deletes, unchanged, failures] };
  };
}

test('a column that grows shows what has changed since, numbers by their size, and says that it shows no deletion', async () => {
  const run = open({ by: 'column', column: 'version' });
  expect(await run('full')).toMatchObject({ result: 'success', counts: [2, 0, 0, 0, 0] });
  database.exec(`UPDATE people SET mail = 'new@x', version = 100 WHERE id = 'a';
    INSERT INTO people VALUES ('c', 'c@x', 11); DELETE FROM people WHERE id = 'b'`);
  // The row of the last position comes again unless it is gone.
  expect(await run('delta')).toMatchObject({
    result: 'success',
    detail: 'A column of changes shows no deletions; a full import does',
    counts: [1, 1, 0, 0, 0],
  });
  expect(await run('delta')).toMatchObject({ counts: [0, 0, 0, 1, 0] });
  expect(await run('full')).toMatchObject({ counts: [0, 0, 1, 2, 0] });
});

test('a view of changes adds, changes and deletes, and what is none of these is an error of its row', async () => {
  const run = open({ by: 'view', view: 'changed', changeColumn: 'what' });
  await run('full');
  database.exec(`INSERT INTO changed VALUES ('a', 'new@x', 'Modify'), ('b', NULL, 'Delete'),
    ('c', 'c@x', 'Add'), ('d', 'd@x', 'Explode')`);
  expect(await run('delta')).toMatchObject({
    result: 'completed-discovery-errors',
    counts: [1, 1, 1, 0, 1],
  });
});

test('a delta import without a column or a view does not start', async () => {
  const run = open();
  await run('full');
  expect(await run('delta')).toMatchObject({ result: 'no-start-delta-step-type-not-configured' });
});
