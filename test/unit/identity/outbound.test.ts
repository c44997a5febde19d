import { afterEach, beforeEach, expect, test } from 'vitest';

import { ExportFailure } from '#identity/export-target.ts';
import type { Agent } from '#shared/model/agent.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

let source: Agent;
let target: Agent;
let world: IdentityWorld;

beforeEach(() => {
  source = draftAgent({ name: 'source', project: true, flow: ['uid=uid', 'mail=mail', 'title=title'] });
  target = draftAgent({
    name: 'target',
    rules: {
      exportFlow: [
        { person: 'mail', connector: 'mail' },
        { person: 'title', connector: 'title', allowNull: true },
        { expression: 'object.uid.upper()', connector: 'description', initialOnly: true },
      ],
      provision: {
        when: '!has(object.title) || object.title != "gone"',
        dn: '"uid=" + object.uid + ",DC=target"',
        objectClasses: ['top', 'person'],
      },
      deprovision: 'delete',
    },
  });
  world = new IdentityWorld([source, target]);
});
afterEach(() => world.close());

async function synchronize(): Promise<void> {
  await world.run(source, 'full-import-full-sync');
}

async function provision(attributes: Record<string, readonly string[]>): Promise<void> {
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'], ...attributes });
  await synchronize();
  await world.run(target, 'export');
}

const name = 'uid=ann,DC=target';

test('a person is made in a directory, and belongs there once an import shows it', async () => {
  await provision({ mail: ['ann@x'] });
  const { objects } = world.directory(target);
  expect([...objects.values()]).toEqual([
    {
      anchor: `made:${name}`,
      dn: name,
      objectType: 'person',
      attributes: { description: ['ANN'], mail: ['ann@x'] },
    },
  ]);
  expect(world.exports.counts(target.id)).toEqual({ add: 1, update: 0, delete: 0 });
  await world.run(target, 'full-import-delta-sync');
  expect(world.exports.counts(target.id)).toEqual({ add: 0, update: 0, delete: 0 });
  expect(world.find(target, `made:${name}`)).toMatchObject({ state: 'connector', link: 'provisioning' });
  expect(world.joinedSets()).toEqual([`source:s target:made:${name}`]);
});

test('an addition that the directory took is not sent again before an import shows it', async () => {
  await provision({ mail: ['ann@x'] });
  await synchronize();
  const { result } = await world.run(target, 'export');
  expect(result).toBe('completed-no-objects');
  expect(world.directory(target).written).toEqual([`add ${name}`]);
});

test('a change flows out, an emptied attribute is taken away where null is allowed, the initial one stays', async () => {
  await provision({ mail: ['ann@x'], title: ['Clerk'] });
  await world.run(target, 'full-import-delta-sync');
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'], mail: ['ann@y'] });
  await synchronize();
  const run = await world.run(target, 'export');
  expect(run.steps[0]?.statistics.export).toMatchObject({ updates: 1, failures: 0 });
  expect(world.directory(target).objects.get(`made:${name}`)?.attributes).toEqual({
    description: ['ANN'],
    mail: ['ann@y'],
  });
});

test('a change that is not shown by the import after it is an error and is sent again', async () => {
  await provision({ mail: ['ann@x'] });
  await world.run(target, 'full-import-delta-sync');
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'], mail: ['ann@y'] });
  await synchronize();
  world.directory(target).forgetsWrites = true;
  await world.run(target, 'export');
  const { run } = await world.run(target, 'full-import-delta-sync');
  expect(world.runs.errorsOf(run, 10)).toMatchObject([
    { word: 'exported-change-not-reimported', dn: name, detail: expect.stringContaining('mail') },
  ]);
  world.directory(target).forgetsWrites = false;
  await world.run(target, 'export');
  await world.run(target, 'full-import-delta-sync');
  expect(world.exports.counts(target.id)).toMatchObject({ update: 0 });
});

test('a change taken back before the export leaves nothing to write', async () => {
  await provision({ mail: ['ann@x'] });
  await world.run(target, 'full-import-delta-sync');
  for (const mail of ['ann@y', 'ann@x']) {
    world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'], mail: [mail] });
    await synchronize();
  }
  expect((await world.run(target, 'export')).result).toBe('completed-no-objects');
});

test('a new name renames the object that provisioning made', async () => {
  await provision({ mail: ['ann@x'] });
  await world.run(target, 'full-import-delta-sync');
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['anna'], mail: ['ann@x'] });
  await synchronize();
  await world.run(target, 'export');
  await world.run(target, 'full-import-delta-sync');
  expect(world.find(target, `made:${name}`)?.dn).toBe('uid=anna,DC=target');
  expect(world.exports.counts(target.id)).toEqual({ add: 0, update: 0, delete: 0 });
});

test('an object whose anchor is in its name comes back as another one, and stays with its person', async () => {
  await provision({ mail: ['ann@x'] });
  await world.run(target, 'full-import-delta-sync');
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['anna'], mail: ['ann@x'] });
  await synchronize();
  await world.run(target, 'export');
  const renamed = world.directory(target).objects.get(`made:${name}`);
  world.directory(target).delete(`made:${name}`);
  world.directory(target).set('made:anna', 'uid=anna,DC=target', renamed?.attributes ?? {});
  const run = await world.run(target, 'full-import-delta-sync');
  expect(run).toMatchObject({ result: 'success', errors: 0 });
  expect(world.joinedSets()).toEqual(['source:s target:made:anna']);
  expect(world.exports.counts(target.id)).toEqual({ add: 0, update: 0, delete: 0 });
});

test('a person whom provisioning no longer wants is deleted there and stays here', async () => {
  await provision({ title: ['Clerk'] });
  await world.run(target, 'full-import-delta-sync');
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'], title: ['gone'] });
  await synchronize();
  await world.run(target, 'export');
  expect(world.directory(target).written.at(-1)).toBe(`delete ${name}`);
  await world.run(target, 'delta-import-delta-sync');
  expect(world.find(target, `made:${name}`)).toBeUndefined();
  expect(world.joinedSets()).toEqual(['source:s']);
});

test('a person who is wanted again before the export keeps the object', async () => {
  await provision({ title: ['Clerk'] });
  await world.run(target, 'full-import-delta-sync');
  for (const title of ['gone', 'Chief']) {
    world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'], title: [title] });
    expect((await world.run(source, 'full-import-full-sync')).errors).toBe(0);
  }
  expect(world.joinedSets()).toEqual([`source:s target:made:${name}`]);
  await world.run(target, 'export');
  expect(world.directory(target).written.slice(1)).toEqual([`update ${name} title`]);
  expect(world.find(target, `made:${name}`)).toMatchObject({ link: 'provisioning' });
});

test('a person who is wanted again after the export is made anew once the deletion shows', async () => {
  await provision({ title: ['Clerk'] });
  await world.run(target, 'full-import-delta-sync');
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'], title: ['gone'] });
  await synchronize();
  await world.run(target, 'export');
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'], title: ['Clerk'] });
  expect((await world.run(source, 'full-import-full-sync')).errors).toBe(0);
  await world.run(target, 'delta-import-delta-sync');
  await world.run(target, 'export');
  expect(world.directory(target).written.slice(1)).toEqual([`delete ${name}`, `add ${name}`]);
});

test('an object that is joined again before the export is not deleted', async () => {
  target = { ...target, join: [{ mappings: [{ connector: 'mail', person: 'mail' }] }] };
  world.agents = [source, target];
  world.metaverse = { precedence: [], deletionRule: { kind: 'any-of', agents: [source.id] } };
  await provision({ mail: ['ann@x'] });
  await world.run(target, 'full-import-delta-sync');
  world.directory(source).delete('s');
  await world.run(source, 'delta-import-delta-sync');
  expect(world.exports.counts(target.id)).toEqual({ add: 0, update: 0, delete: 1 });
  world.directory(source).set('s2', 'CN=s2,DC=source', { uid: ['ann'], mail: ['ann@x'] });
  await world.run(source, 'delta-import-delta-sync');
  expect(world.joinedSets()).toEqual([`source:s2 target:made:${name}`]);
  expect((await world.run(target, 'export')).result).toBe('completed-no-objects');
});

test('an addition that is gone and a deletion that did not happen are errors and are sent again', async () => {
  await provision({ title: ['Clerk'] });
  world.directory(target).delete(`made:${name}`);
  const first = await world.run(target, 'full-import-delta-sync');
  expect(first).toMatchObject({ result: 'completed-warnings', errors: 1 });
  expect(world.runs.errorsOf(first.run, 10)).toMatchObject([
    { word: 'exported-change-not-reimported', dn: name, detail: `${name} was added, and is not there` },
  ]);
  await world.run(target, 'export');
  expect((await world.run(target, 'full-import-delta-sync')).result).toBe('success');
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'], title: ['gone'] });
  await synchronize();
  world.directory(target).forgetsWrites = true;
  await world.run(target, 'export');
  const second = await world.run(target, 'full-import-delta-sync');
  expect(world.runs.errorsOf(second.run, 10)).toMatchObject([
    { detail: `${name} was deleted, and is still there` },
  ]);
  world.directory(target).forgetsWrites = false;
  await world.run(target, 'export');
  expect(world.directory(target).objects.size).toBe(0);
});

test('a person who leaves before the export is never made', async () => {
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'] });
  await synchronize();
  world.directory(source).delete('s');
  await world.run(source, 'delta-import-delta-sync');
  expect(world.exports.counts(target.id)).toEqual({ add: 0, update: 0, delete: 0 });
});

test('a name that another object has is an error, and nothing is staged over it', async () => {
  world.directory(target).set('other', name, { mail: ['someone@x'] });
  await world.run(target, 'full-import-delta-sync');
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'] });
  const { run } = await world.run(source, 'full-import-full-sync');
  expect(world.runs.errorsOf(run, 10)).toMatchObject([{ word: 'cd-existing-object' }]);
  expect(world.exports.counts(target.id)).toMatchObject({ add: 0 });
});

test('what a directory refuses is an error with its word, and the next export tries again', async () => {
  world.directory(target).writeFailure = new ExportFailure('schema-violation', 'No such class');
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'] });
  await synchronize();
  const first = await world.run(target, 'export');
  expect(first.result).toBe('completed-export-errors');
  expect(world.runs.errorsOf(first.run, 10)).toMatchObject([{ word: 'schema-violation', dn: name }]);
  const second = await world.run(target, 'export');
  expect(second.result).toBe('success');
});

test('a directory that is down ends the run, and nothing is lost', async () => {
  const result = 'stopped-server-down';
  world.directory(target).writeFailure = new ExportFailure('failed-connection', 'Down', { result });
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'] });
  await synchronize();
  expect((await world.run(target, 'export')).result).toBe(result);
  expect((await world.run(target, 'export')).result).toBe('success');
});

test('more deletions than the step allows stop the export before the first', async () => {
  const limited = { ...target, runProfiles: [{ name: 'export', steps: [step({ deletionLimit: 1 })] }] };
  world.agents = [source, limited];
  for (const uid of ['ann', 'bob', 'cid'])
    world.directory(source).set(uid, `CN=${uid},DC=source`, { uid: [uid], title: ['Clerk'] });
  await synchronize();
  await world.runner.run(target.id, 'export');
  world.agents = [source, target];
  await world.run(target, 'full-import-delta-sync');
  for (const uid of ['ann', 'bob', 'cid'])
    world.directory(source).set(uid, `CN=${uid},DC=source`, { uid: [uid], title: ['gone'] });
  await synchronize();
  world.agents = [source, limited];
  const { result } = await world.runner.run(target.id, 'export');
  expect(result).toBe('stopped-deletion-limit');
  expect(world.directory(target).objects.size).toBe(3);
});

test('with a deletion rule a person ends with the agent that it names, whoever else knows them', async () => {
  await provision({ mail: ['ann@x'] });
  await world.run(target, 'full-import-delta-sync');
  world.metaverse = { precedence: [], deletionRule: { kind: 'any-of', agents: [source.id] } };
  world.directory(source).delete('s');
  await world.run(source, 'delta-import-delta-sync');
  expect(world.persons.count()).toBe(0);
  await world.run(target, 'export');
  expect(world.directory(target).written.at(-1)).toBe(`delete ${name}`);
});

function step(limits: { readonly deletionLimit: number }) {
  return { type: 'export' as const, pageSize: 500, timeout: 120, ...limits };
}

test('nobody is made who turns out to be there already under another name', async () => {
  target = { ...target, join: [{ mappings: [{ connector: 'mail', person: 'mail' }] }] };
  world.agents = [source, target];
  world.directory(target).set('t', 'uid=a.lee,DC=target', { mail: ['ann@x'] });
  await world.run(target, 'full-import-delta-sync');
  await provision({ mail: ['ann@x'], title: ['Clerk'] });
  expect(world.joinedSets()).toEqual(['source:s target:t']);
  expect(world.directory(target).written).toEqual(['update uid=a.lee,DC=target title']);
});
