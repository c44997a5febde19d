import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { indexValues } from '#identity/index-values.ts';
import { fillVictim, victimAgents } from '#test/identity-victim.ts';
import { IdentityWorld } from '#test/identity-world.ts';

const script = join(import.meta.dirname, '../../helpers/identity-victim.ts');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-crash-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the importer and kills it after a while. */
async function runAndKill(milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await delay(milliseconds);
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Values that the index should hold and does, as text. */
function indexOf(world: IdentityWorld): {
  readonly stored: readonly string[];
  readonly expected: readonly string[];
} {
  const stored = world.database
    .all<{ line: string }>("SELECT attribute || '=' || value || '=' || person AS line FROM person_value")
    .map(({ line }) => line);
  const persons = world.database
    .all<{ id: number }>('SELECT id FROM person')
    .map(({ id }) => world.persons.find(id));
  const expected = persons.flatMap((person) =>
    Object.entries(person?.attributes ?? {}).flatMap(([name, values]) =>
      indexValues(values).map((value) => `${name.toLowerCase()}=${value}=${person?.id}`),
    ),
  );
  return { stored: stored.sort(), expected: expected.sort() };
}

test('a process that is killed while it imports leaves a connector space that holds together', async () => {
  for (let round = 0; round < 6; round += 1) {
    await runAndKill(30 + ((round * 137) % 400));
    const world = new IdentityWorld(victimAgents, undefined, folder);
    const open = world.runs.list(10).filter(({ endedAt }) => endedAt === undefined);
    expect(await world.runs.interruptOpen(1)).toBe(open.length);
    const { stored, expected } = indexOf(world);
    expect(stored).toEqual(expected);
    const orphans =
      'SELECT count(*) AS n FROM person WHERE id NOT IN (SELECT person FROM connector WHERE person IS NOT NULL)';
    expect(world.database.get(orphans)).toEqual({ n: 0 });
    const twice =
      'SELECT count(*) AS n FROM (SELECT 1 FROM connector WHERE person IS NOT NULL GROUP BY person, space HAVING count(*) > 1)';
    expect(world.database.get(twice)).toEqual({ n: 0 });
    for (const { id } of victimAgents) {
      const counted = Object.values(world.connectors.counts(id)).reduce((sum, count) => sum + count, 0);
      expect(counted).toBe(world.objectsOf(id).length);
    }
    await world.database.close();
  }
  const world = new IdentityWorld(victimAgents, undefined, folder);
  const fresh = new IdentityWorld(victimAgents);
  for (const one of [world, fresh]) {
    fillVictim(one, 100, 600);
    for (const agent of victimAgents) await one.run(agent, 'full-import-delta-sync');
    for (const agent of victimAgents) await one.run(agent, 'full-sync');
  }
  expect(world.joinedSets()).toEqual(fresh.joinedSets());
  await fresh.close();
  await world.close();
}, 300_000);
