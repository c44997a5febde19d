import { afterEach, beforeEach, expect, test } from 'vitest';

import { ImportFailure } from '#identity/import-failure.ts';
import type { Agent } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

let main: Agent;
let other: Agent;
let world: IdentityWorld;

beforeEach(() => {
  main = draftAgent({ name: 'main', project: true, flow: ['number=employeeId'], pageSize: 10 });
  other = draftAgent({ name: 'other', join: [['number=employeeId']], pageSize: 10 });
  world = new IdentityWorld([main, other]);
  for (let index = 0; index < 50; index += 1) {
    world.directory(main).set(`m${index}`, `CN=m${index},DC=main`, { number: [String(index)] });
    world.directory(other).set(`o${index}`, `CN=o${index},DC=other`, { number: [String(index)] });
  }
});

afterEach(() => world.close());

test('a run is recorded with its steps, times and counters', async () => {
  const run = await world.run(main, 'full-import-delta-sync');
  expect(world.runs.find(run.run)).toEqual(run);
  expect(run).toMatchObject({
    result: 'success',
    agent: main.id,
    profile: 'full-import-delta-sync',
    errors: 0,
  });
  expect(run.steps).toHaveLength(1);
  expect(run.steps[0]).toMatchObject({
    type: 'full-import-delta-sync',
    partition: 'DC=main',
    result: 'success',
  });
  expect(run.steps[0]?.statistics.synchronization).toMatchObject({
    projections: 50,
    connectorsWithFlowUpdates: 50,
  });
  expect(world.runs.list(10, main.id).map((record) => record.run)).toEqual([run.run]);
});

test('a run that changes nothing ends as completed-no-objects', async () => {
  await world.run(main, 'full-import-delta-sync');
  expect((await world.run(main, 'delta-import-delta-sync')).result).toBe('completed-no-objects');
});

test('an unknown profile is named together with the known ones', async () => {
  await expect(world.runner.run(main.id, 'nightly')).rejects.toMatchObject({
    code: 'not_found',
    fix: expect.stringContaining('full-sync'),
  });
});

test('an agent has one run at a time, and agents run beside one another', async () => {
  const first = world.run(main, 'full-import-delta-sync');
  await expect(world.run(main, 'full-sync')).rejects.toMatchObject({ code: 'conflict' });
  const second = world.run(other, 'full-import-delta-sync');
  expect(world.runner.running).toEqual([main.id, other.id]);
  expect((await first).result).toBe('success');
  expect((await second).result).toBe('success');
  expect(world.runner.running).toEqual([]);
  expect(world.joinedSets()).toHaveLength(50);
});

test('synchronizations of two agents do not overlap', async () => {
  const phases: string[] = [];
  const watch = (name: string) => ({
    onProgress: ({ phase, objects }: { phase: string; objects: number }) =>
      phases.push(`${name} ${phase} ${objects}`),
  });
  for (let index = 50; index < 350; index += 1) {
    world.directory(main).set(`m${index}`, `CN=m${index},DC=main`, { number: [String(index)] });
    world.directory(other).set(`o${index}`, `CN=o${index},DC=other`, { number: [String(index)] });
  }
  await Promise.all([
    world.runner.run(main.id, 'full-import-delta-sync', watch('main')),
    world.runner.run(other.id, 'full-import-delta-sync', watch('other')),
  ]);
  const order = phases.filter((line) => line.includes('synchronization')).map((line) => line.split(' ')[0]);
  expect(order.join(' ')).toMatch(/^(main ?)+(other ?)+$|^(other ?)+(main ?)+$/);
});

test('a cancelled run stops at a page, says so and deletes nothing', async () => {
  await world.run(main, 'full-import-delta-sync');
  const controller = new AbortController();
  const directory = world.directory(main);
  directory.delete('m0');
  let pages = 0;
  directory.beforePage = () => {
    pages += 1;
    if (pages === 3) controller.abort();
  };
  const run = await world.run(main, 'full-import-delta-sync', controller.signal);
  expect(run.result).toBe('stopped-user-termination-from-wmi-or-ui');
  expect(run.steps[0]?.statistics.staging).toMatchObject({ unchanged: 20, deletes: 0 });
});

test('stopping the service ends its runs and refuses new ones', async () => {
  const running = world.run(main, 'full-import-delta-sync');
  await world.runner.stop();
  expect((await running).result).toBe('stopped-service-shutdown');
  await expect(world.run(main, 'full-sync')).rejects.toMatchObject({ code: 'unavailable' });
});

test('a profile goes on only after a completed step', async () => {
  const step = main.runProfiles.find(({ name }) => name === 'full-import-stage-only')?.steps[0];
  const sync = main.runProfiles.find(({ name }) => name === 'delta-sync')?.steps[0];
  if (step === undefined || sync === undefined) throw new Error('no step');
  world.agents = [{ ...main, runProfiles: [{ name: 'both', steps: [step, sync] }] }, other];
  const error = new ImportFailure('no-start-credentials', 'failed-authentication', 'Wrong password', {
    serverText: '80090308: data 52e',
    fix: 'Enter the password again.',
  });
  world.directory(main).failure = { afterPages: 0, error };
  const failed = await world.runner.run(main.id, 'both');
  expect(failed).toMatchObject({
    result: 'no-start-credentials',
    steps: [{ type: 'full-import-stage-only' }],
  });
  expect(failed.steps[0]?.detail).toBe('Wrong password | 80090308: data 52e | Enter the password again.');
  const done = await world.runner.run(main.id, 'both');
  expect(done.steps.map(({ result }) => result)).toEqual(['success', 'success']);
});

test('a step that names an unknown partition does not start', async () => {
  const step = main.runProfiles.find(({ name }) => name === 'full-sync')?.steps[0];
  if (step === undefined) throw new Error('no step');
  const profile = { name: 'elsewhere', steps: [{ ...step, partition: 'DC=elsewhere' }] };
  world.agents = [{ ...main, runProfiles: [profile] }, other];
  expect((await world.runner.run(main.id, 'elsewhere')).result).toBe('no-start-partition-not-configured');
});

test('an error without a result word is recorded and thrown', async () => {
  world.directory(main).failure = { afterPages: 1, error: new TypeError('broken') };
  await expect(world.run(main, 'full-import-delta-sync')).rejects.toThrow('broken');
  expect(world.runs.list(1)[0]).toMatchObject({ result: 'stopped-server', steps: [{ detail: 'broken' }] });
});

test('an unavailable store ends the run as stopped-server with its reason', async () => {
  world.directory(main).failure = { afterPages: 1, error: new AppError('unavailable', 'The disk is gone') };
  const run = await world.run(main, 'full-import-delta-sync');
  expect(run).toMatchObject({ result: 'stopped-server', steps: [{ detail: 'The disk is gone' }] });
});

test('runs that a crash left open are closed at the next start', async () => {
  const run = await world.runs.begin(main.id, 'full-sync', 1);
  expect(await world.runs.interruptOpen(2)).toBe(1);
  expect(world.runs.find(run)).toMatchObject({ result: 'stopped-server', endedAt: 2 });
});

test('a single object is imported and joined at once, and so is what waited for it', async () => {
  await world.run(other, 'full-import-delta-sync');
  const row = await world.runner.importOne(main.id, 'm7', new AbortController().signal);
  expect(world.find(main, 'm7')?.id).toBe(row);
  const person = world.find(main, 'm7')?.person ?? 0;
  expect(world.joins.connectorsOf(person).map(({ anchor }) => anchor)).toEqual(['o7', 'm7']);
  expect(await world.runner.importOne(main.id, 'nobody', new AbortController().signal)).toBeUndefined();
});

test('a full import does not delete what was imported singly while it ran', async () => {
  await world.run(main, 'full-import-delta-sync');
  const directory = world.directory(main);
  let single: Promise<unknown> | undefined;
  directory.beforePage = () => {
    if (single !== undefined) return;
    directory.set('late', 'CN=late,DC=main', { number: ['late'] });
    single = world.runner.importOne(main.id, 'late', new AbortController().signal);
  };
  const run = await world.run(main, 'full-import-delta-sync');
  await single;
  expect(run.steps[0]?.statistics.staging.deletes).toBe(0);
  expect(world.find(main, 'late')?.person).toBeDefined();
}, 300_000);

test('too many errors end a run', async () => {
  const directory = world.directory(main);
  for (let index = 0; index < 5200; index += 1)
    directory.set(`x${index}`, `CN=x${index},DC=main`, { number: ['same'] });
  world.agents = [{ ...main, join: other.join }, other];
  const run = await world.run(main, 'full-import-delta-sync');
  expect(run.result).toBe('stopped-error-limit');
  expect(run.errors).toBeGreaterThan(5000);
  expect(run.errors).toBeLessThan(5300);
}, 300_000);

test('a run that was stopped is resumed at the step that stopped it, and shows what was done before', async () => {
  const profile = {
    name: 'both',
    steps: (['full-import-stage-only', 'delta-sync', 'export'] as const).map((type) => ({
      type,
      pageSize: 10,
      timeout: 120,
      ...(type === 'delta-sync' && { partition: 'DC=main' }),
    })),
  };
  const agent = { ...main, runProfiles: [profile] };
  world.agents = [agent, other];
  const nothing = { resumes: world.runs.lastOf(main.id, 'Both') };
  await expect(world.runner.run(main.id, 'both', nothing)).rejects.toMatchObject({ code: 'conflict' });
  const abort = new AbortController();
  const stopped = await world.runner.run(main.id, 'both', {
    signal: abort.signal,
    onProgress: ({ phase }) => phase === 'synchronization' && abort.abort(),
  });
  expect(stopped.steps.map(({ result }) => result)).toEqual([
    'success',
    'stopped-user-termination-from-wmi-or-ui',
  ]);
  let pages = 0;
  world.directory(main).beforePage = () => {
    pages += 1;
  };
  const resumed = await world.runner.run(main.id, 'both', { resumes: world.runs.lastOf(main.id, 'both') });
  expect(resumed.steps.map(({ type }) => type)).toEqual(profile.steps.map(({ type }) => type));
  expect(resumed.steps[0]).toEqual(stopped.steps[0]);
  expect(pages).toBe(0);
  expect(world.persons.count()).toBe(50);
  world.agents = [{ ...agent, runProfiles: [{ ...profile, steps: profile.steps.slice(1) }] }, other];
  const changed = { resumes: stopped };
  await expect(world.runner.run(main.id, 'both', changed)).rejects.toMatchObject({ code: 'conflict' });
});
