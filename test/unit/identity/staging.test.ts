import { afterEach, beforeEach, expect, test } from 'vitest';

import { ImportFailure } from '#identity/import-failure.ts';
import { emptyStaging } from '#identity/run-statistics.ts';
import { Stager } from '#identity/stager.ts';
import type { Agent } from '#shared/model/agent.ts';
import type { AgentDraft } from '#test/identity-world.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

let agent: Agent;
let world: IdentityWorld;

beforeEach(() => start({}));
afterEach(() => world.close());

async function start(draft: Partial<AgentDraft>) {
  await world?.close();
  agent = draftAgent({ name: 'corp', project: true, flow: ['cn=displayName'], pageSize: 10, ...draft });
  world = new IdentityWorld([agent]);
}

function fill(count: number, container = 'DC=corp'): void {
  for (let index = 0; index < count; index += 1)
    world.directory(agent).set(`a${index}`, `CN=u${index},${container}`, { cn: [`u${index}`] });
}

function staging(run: Awaited<ReturnType<typeof world.run>>) {
  return run.steps[0]?.statistics.staging;
}

test('a full import counts what is new, changed, renamed, gone and the same', async () => {
  fill(5);
  expect(staging(await world.run(agent, 'full-import-stage-only'))).toMatchObject({ adds: 5, unchanged: 0 });
  const directory = world.directory(agent);
  directory.set('a0', 'CN=u0,DC=corp', { cn: ['changed'] });
  directory.set('a1', 'CN=u1,OU=moved,DC=corp', { cn: ['u1'] });
  directory.delete('a2');
  expect(staging(await world.run(agent, 'full-import-stage-only'))).toEqual({
    unchanged: 2,
    adds: 0,
    updates: 1,
    renames: 1,
    deletes: 1,
    failures: 0,
    filtered: 0,
  });
});

test('the order of values and names is no change', async () => {
  const directory = world.directory(agent);
  directory.set('a', 'CN=a,DC=corp', { cn: ['x', 'y'], mail: ['m'] });
  await world.run(agent, 'full-import-stage-only');
  directory.set('a', 'CN=a,DC=corp', { mail: ['m'], cn: ['y', 'x'], phone: [] });
  expect(staging(await world.run(agent, 'delta-import-stage-only'))).toMatchObject({
    unchanged: 1,
    updates: 0,
  });
});

test('staging alone touches no person', async () => {
  fill(3);
  await world.run(agent, 'full-import-stage-only');
  expect(world.persons.count()).toBe(0);
  await world.run(agent, 'delta-sync');
  expect(world.persons.count()).toBe(3);
  world.directory(agent).delete('a0');
  await world.run(agent, 'full-import-stage-only');
  expect(world.persons.count()).toBe(3);
  await world.run(agent, 'delta-sync');
  expect(world.persons.count()).toBe(2);
});

test('a full import that breaks off keeps its pages and deletes nothing', async () => {
  fill(40);
  await world.run(agent, 'full-import-delta-sync');
  const directory = world.directory(agent);
  for (let index = 5; index < 40; index += 1) directory.delete(`a${index}`);
  fill(5);
  for (let index = 100; index < 130; index += 1) directory.set(`a${index}`, `CN=u${index},DC=corp`, {});
  const error = new ImportFailure('stopped-connectivity', 'dropped-connection', 'The server went away');
  directory.failure = { afterPages: 2, error };
  const watermark = world.connectors.watermark(agent.id, 'DC=corp');
  const run = await world.run(agent, 'full-import-delta-sync');
  expect(run).toMatchObject({ result: 'stopped-connectivity', steps: [{ detail: 'The server went away' }] });
  expect(staging(run)).toMatchObject({ unchanged: 5, adds: 15, deletes: 0 });
  expect(world.connectors.stagedIds(agent.id, 'DC=corp')).toHaveLength(55);
  expect(world.connectors.watermark(agent.id, 'DC=corp')).toBe(watermark);
  expect(staging(await world.run(agent, 'full-import-delta-sync'))).toMatchObject({ deletes: 35 });
});

test('a full import that finds nothing at all deletes nothing', async () => {
  fill(3);
  await world.run(agent, 'full-import-delta-sync');
  for (let index = 0; index < 3; index += 1) world.directory(agent).delete(`a${index}`);
  const run = await world.run(agent, 'full-import-delta-sync');
  expect(run.result).toBe('completed-no-objects');
  expect(run.steps[0]?.detail).toMatch(/nothing was deleted/);
  expect(world.persons.count()).toBe(3);
});

test('a first import asks for nothing that it knows to be new, and takes what came beside it for what it is', async () => {
  const { id } = agent;
  const [partition] = agent.partitions;
  if (partition === undefined) throw new Error('no partition');
  await world.connectors.prepare([agent]);
  const stager = new Stager({
    space: world.connectors,
    exports: world.exports,
    agent: id,
    partition,
    isFirst: true,
  });
  const stage = (stage: Stager, anchors: readonly string[]) =>
    world.database.commit(() => {
      const statistics = emptyStaging();
      const items = anchors.map((anchor) => ({
        kind: 'object' as const,
        object: { anchor, dn: `CN=${anchor},DC=corp`, objectType: 'user', attributes: { mail: [anchor] } },
      }));
      stage.stage(items, {
        statistics,
        seen: () => undefined,
        fail: () => undefined,
        nameless: () => undefined,
      });
      return statistics;
    });
  const many = Array.from({ length: 3000 }, (_, index) => `a${index}`);
  expect(await stage(stager, many)).toMatchObject({ adds: 3000, unchanged: 0 });
  expect(await stage(stager, ['a7', 'b', 'a8', 'b'])).toMatchObject({ adds: 1, unchanged: 3 });
  const beside = new Stager({ space: world.connectors, exports: world.exports, agent: id, partition });
  expect(await stage(beside, ['c'])).toMatchObject({ adds: 1 });
  expect(await stage(stager, ['c', 'd', 'a9'])).toMatchObject({ adds: 1, unchanged: 2 });
});

test('an object that comes back before its deletion is synchronized keeps its person', async () => {
  fill(3);
  await world.run(agent, 'full-import-delta-sync');
  const person = world.find(agent, 'a1')?.person;
  world.directory(agent).delete('a1');
  await world.run(agent, 'delta-import-stage-only');
  world.directory(agent).set('a1', 'CN=u1,DC=corp', { cn: ['u1'] });
  await world.run(agent, 'delta-import-delta-sync');
  expect(world.find(agent, 'a1')).toMatchObject({ person, pending: undefined });
});

test('a delta import needs the watermark of a complete full import', async () => {
  fill(3);
  const run = await world.run(agent, 'delta-import-delta-sync');
  expect(run.result).toBe('no-start-full-import-required');
  expect(run.steps[0]?.detail).toBe(
    'No full import of DC=corp has been completed | Run a full import first.',
  );
});

test('a delta import that breaks off starts again from the same watermark', async () => {
  fill(30);
  await world.run(agent, 'full-import-delta-sync');
  for (let index = 0; index < 30; index += 1)
    world.directory(agent).set(`a${index}`, `CN=u${index},DC=corp`, {});
  const error = new ImportFailure('stopped-connectivity', 'dropped-connection', 'gone');
  world.directory(agent).failure = { afterPages: 1, error };
  expect(staging(await world.run(agent, 'delta-import-delta-sync'))).toMatchObject({ updates: 10 });
  expect(staging(await world.run(agent, 'delta-import-delta-sync'))).toMatchObject({
    updates: 20,
    unchanged: 10,
  });
});

test('objects outside the included containers and inside the excluded ones are not staged', async () => {
  await start({ include: ['OU=Staff,DC=corp'], exclude: ['OU=Temps,OU=Staff,DC=corp'] });
  const directory = world.directory(agent);
  directory.set('in', 'CN=in,OU=Staff,DC=corp', {});
  directory.set('out', 'CN=out,OU=Else,DC=corp', {});
  directory.set('temp', 'CN=temp,ou=temps, ou=staff,dc=corp', {});
  expect(staging(await world.run(agent, 'full-import-delta-sync'))).toMatchObject({ adds: 1, filtered: 2 });
  directory.set('in', 'CN=in,OU=Temps,OU=Staff,DC=corp', {});
  directory.set('out', 'CN=out,OU=Staff,DC=corp', {});
  expect(staging(await world.run(agent, 'delta-import-delta-sync'))).toMatchObject({ adds: 1, deletes: 1 });
  expect(world.joinedSets()).toEqual(['corp:out']);
});

test('an object without a usable name is a discovery error and the others are staged', async () => {
  fill(2);
  world.directory(agent).set('bad', 'not a name', {});
  world.directory(agent).set('', 'CN=none,DC=corp', {});
  // The directory in memory only shows what lies below the partition.
  const directory = world.directory(agent);
  const objects = [...directory.objects.values()];
  directory.fullImport = async function* () {
    yield { items: objects.map((object) => ({ kind: 'object', object }) as const), watermark: '0' };
  };
  const run = await world.run(agent, 'full-import-delta-sync');
  expect(run).toMatchObject({ result: 'completed-discovery-errors', errors: 2 });
  expect(world.runs.errorsOf(run.run, 10).map(({ word }) => word)).toEqual([
    'dn-not-ldap-conformant',
    'missing-anchor-component',
  ]);
  expect(world.persons.count()).toBe(2);
});

test('objects that cannot be read any more are errors and no deletions', async () => {
  fill(3);
  await world.run(agent, 'full-import-delta-sync');
  world.directory(agent).fullImport = async function* () {
    const word = 'missing-anchor-component' as const;
    const lost = [0, 1].map(
      (index) => ({ kind: 'unreadable', word, dn: `cn=U${index},dc=corp`, detail: 'x' }) as const,
    );
    yield { items: lost };
  };
  const run = await world.run(agent, 'full-import-delta-sync');
  expect(run).toMatchObject({ result: 'completed-discovery-errors', errors: 2 });
  expect(staging(run)).toMatchObject({ deletes: 1, failures: 2 });
  expect(world.persons.count()).toBe(2);
});

test('a record that does not say whose it is deletes nobody', async () => {
  fill(3);
  await world.run(agent, 'full-import-delta-sync');
  const { fullImport } = world.directory(agent);
  world.directory(agent).delete('a1');
  world.directory(agent).fullImport = async function* (...given) {
    yield { items: [{ kind: 'unreadable', word: 'parse-error', dn: '', detail: 'people.csv, line 3' }] };
    yield* fullImport.apply(this, given);
  };
  const run = await world.run(agent, 'full-import-delta-sync');
  expect(run).toMatchObject({ result: 'completed-discovery-errors', errors: 1 });
  expect(run.steps[0]?.detail).toContain('Nothing was deleted');
  expect(world.persons.count()).toBe(3);
  world.directory(agent).fullImport = fullImport;
  await world.run(agent, 'full-import-delta-sync');
  expect(world.persons.count()).toBe(2);
});

test('a step stops at its object limit and keeps what it has', async () => {
  await start({ objectLimit: 15 });
  fill(40);
  const run = await world.run(agent, 'full-import-delta-sync');
  expect(run.result).toBe('stopped-object-limit');
  expect(staging(run)).toMatchObject({ adds: 15 });
  expect(world.persons.count()).toBe(0);
});

test('a step stops before it deletes more than its deletion limit', async () => {
  await start({ deletionLimit: 2 });
  fill(10);
  await world.run(agent, 'full-import-delta-sync');
  for (let index = 0; index < 3; index += 1) world.directory(agent).delete(`a${index}`);
  expect((await world.run(agent, 'full-import-delta-sync')).result).toBe('stopped-deletion-limit');
  expect((await world.run(agent, 'delta-import-delta-sync')).result).toBe('stopped-deletion-limit');
  expect(world.connectors.stagedIds(agent.id, 'DC=corp')).toHaveLength(10);
  expect(world.persons.count()).toBe(10);
});
