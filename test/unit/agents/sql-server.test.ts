import { afterEach, beforeEach, expect, test } from 'vitest';

import { importSourceOf } from '#agents/import-source-of.ts';
import { createPasswordTarget, type OpenPasswordTarget } from '#agents/password-target-of.ts';
import type { Connector } from '#engine/join-table.ts';
import { type Agent, agentSchema } from '#shared/model/agent.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { FakeSqlServer, type SqlAnswer, type SqlSeen } from '#test/fake-sql-server.ts';
import { IdentityWorld } from '#test/identity-world.ts';

const signal = new AbortController().signal;
const people = { columns: ['id', 'mail'], rows: [] };

let server: FakeSqlServer;
let answer: (seen: SqlSeen) => SqlAnswer | undefined;
let target: OpenPasswordTarget | undefined;

beforeEach(async () => {
  answer = () => undefined;
  server = await FakeSqlServer.open(
    (seen) => answer(seen) ?? (seen('WHERE 1 = 0') ? people : { affected: 0 }),
  );
});
afterEach(async () => {
  await target?.close();
  target = undefined;
  await server.close();
});

const secret = (text: string) => SecretBytes.take(new TextEncoder().encode(text));
const credentials = async () => secret('agent password');

function agentOf(settings: object = {}): Agent {
  return agentSchema.parse({
    kind: 'sql-server',
    id: crypto.randomUUID(),
    name: 'hr',
    connection: { host: '127.0.0.1', port: server.port, database: 'hr', user: 'svc', tls: false },
    table: 'people',
    anchor: ['id'],
    project: true,
    flow: [{ connector: 'mail', person: 'mail' }],
    passwordMethod: {
      method: 'statement',
      set: 'UPDATE people SET hash = HASHBYTES(:password) WHERE id = :anchor',
    },
    password: { requireSecureConnection: false },
    runProfiles: [{ name: 'full', steps: [{ type: 'full-import-stage-only', pageSize: 2 }] }],
    ...settings,
  });
}

function set(agent: Agent, limit = signal): Promise<void> {
  target = createPasswordTarget(agent, credentials, credentials);
  const connector = { anchor: 'u1', dn: 'CN=u1,OU=default', objectType: 'person' } as Connector;
  return target.setPassword(connector, secret('N3w-password'), { unlock: false, mustChange: false }, limit);
}

const failureOf = (done: Promise<void>) =>
  done.then(
    () => undefined,
    (error: unknown) => (error instanceof PasswordFailure ? [error.word, error.certainty] : error),
  );

test('a password travels as a bound parameter and is kept with its transaction', async () => {
  const seen: boolean[] = [];
  answer = (has) => {
    seen.push(has('HASHBYTES(@p0) WHERE id = @p1'), has('N3w-password'), has('u1'), has("'N3w-password'"));
    return { affected: 1 };
  };
  await set(agentOf());
  expect(seen).toEqual([true, true, true, false]);
  expect(server.transactions).toEqual(['begin', 'commit']);
});

test('a procedure is called with its parameters in order', async () => {
  let isCalled = false;
  answer = (has) => {
    isCalled = has('EXEC dbo.set_password @p0, @p1');
    return { affected: 0 };
  };
  const call = { procedure: 'dbo.set_password', parameters: [':anchor', ':password'] };
  await set(agentOf({ passwordMethod: { method: 'procedure', set: call } }));
  expect(isCalled).toBe(true);
});

test('a statement that meets no row or several keeps nothing', async () => {
  expect(await failureOf(set(agentOf()))).toEqual(['object-not-found', 'not-applied']);
  answer = (has) => (has('UPDATE') ? { affected: 3 } : undefined);
  expect(await failureOf(set(agentOf()))).toEqual(['ma-not-configured', 'not-applied']);
  expect(server.transactions).toEqual(['begin', 'rollback', 'begin', 'rollback']);
});

test.each([
  [207, 'ma-not-configured'],
  [208, 'ma-not-configured'],
  [229, 'access-denied'],
  [547, 'new-password-violate-policy'],
  [1205, 'server-busy'],
  [2812, 'ma-not-configured'],
  [50_001, 'new-password-violate-policy'],
  [9999, 'extension-error'],
])('error %i of the server is %s', async (error, word) => {
  answer = (has) => (has('UPDATE') ? { error, message: 'No' } : undefined);
  expect(await failureOf(set(agentOf()))).toEqual([word, 'not-applied']);
});

test('a procedure says more by the word that its message begins with', async () => {
  answer = () => ({ error: 50_000, message: 'object-locked: u1 is locked' });
  expect(await failureOf(set(agentOf()))).toEqual(['object-locked', 'not-applied']);
});

test('a sign-in that is refused is the fault of the credentials', async () => {
  server.loginError = 18_456;
  expect(await failureOf(set(agentOf()))).toEqual(['ma-credentials-failure', 'not-applied']);
  expect(server.transactions).toEqual([]);
});

test('a connection that breaks or hangs at work leaves the end unknown', async () => {
  answer = (has) => (has('UPDATE') ? 'close' : undefined);
  expect(await failureOf(set(agentOf()))).toEqual(['server-down', 'unknown']);
  const limit = new AbortController();
  answer = () => {
    // Only now: signing in takes what it takes.
    setTimeout(() => limit.abort(new DOMException('Late', 'TimeoutError')), 50);
    return 'hang';
  };
  expect(await failureOf(set(agentOf(), limit.signal))).toEqual(['timeout', 'unknown']);
});

test('nobody listens, which is told before anything leaves', async () => {
  const agent = agentOf();
  await server.close();
  expect(await failureOf(set(agent))).toEqual(['server-down', 'not-applied']);
  server = await FakeSqlServer.open(() => 'close');
});

test('people are imported in pages, and a missing table is told by its name', async () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((id) => [id, id === 'c' ? null : `${id}@fabrikam.example`]);
  answer = (has) => (has('WHERE 1 = 0') ? people : { columns: ['id', 'mail'], rows });
  const agent = agentOf();
  const sources = { credentials, tryCredentials: credentials, now: Date.now };
  const world = new IdentityWorld([agent], (one) => importSourceOf(one, sources));
  try {
    const run = await world.runner.run(agent.id, 'full');
    expect(run).toMatchObject({ result: 'success', steps: [{ statistics: { staging: { adds: 5 } } }] });
    expect(world.find(agent, 'e')?.attributes).toEqual({ mail: ['e@fabrikam.example'] });
    expect(world.find(agent, 'c')?.attributes).toEqual({});
    answer = () => ({ error: 208, message: "Invalid object name 'people'." });
    const failed = await world.runner.run(agent.id, 'full');
    expect(failed.result).toBe('no-start-database-table');
    expect(failed.steps[0]?.detail).toMatch(/Invalid object name 'people'.*Correct the name/);
  } finally {
    await world.close();
  }
});

test('an import that ends in the middle of the rows leaves nothing behind that throws', async () => {
  const rows = Array.from({ length: 500 }, (_, index) => [`u${index}`, null]);
  answer = (has) => (has('WHERE 1 = 0') ? people : { columns: ['id', 'mail'], rows });
  const agent = agentOf();
  const [partition] = agent.partitions;
  if (partition === undefined) throw new Error('no partition');
  for (const reason of ['left', 'stopped']) {
    const source = importSourceOf(agent, { credentials, tryCredentials: credentials, now: Date.now });
    const stop = new AbortController();
    const pages = source.fullImport(partition, { pageSize: 2, timeout: 5000, signal: stop.signal });
    const read = async () => {
      for await (const _ of pages) {
        if (reason === 'left') return;
        stop.abort();
      }
    };
    if (reason === 'left') await read();
    else await expect(read()).rejects.toThrow();
  }
  // An error that nobody catches comes behind the end of the answer, and would fail this file.
  await new Promise((resolve) => setImmediate(resolve));
});

test('the connection test names each step', async () => {
  answer = (has) => (has('WHERE 1 = 0') ? people : { columns: ['id', 'mail'], rows: [['a', 'a@x']] });
  const agent = agentOf();
  const source = importSourceOf(agent, { credentials, tryCredentials: credentials, now: Date.now });
  const steps = await source.testConnection(signal);
  expect(steps.map(({ name, ok }) => [name, ok])).toEqual([
    ['resolve', true],
    ['bind', true],
    ['base', true],
    ['read', true],
    ['password-rights', true],
  ]);
  server.loginError = 18_456;
  const refused = await source.testConnection(signal);
  expect(refused.at(-1)).toMatchObject({
    name: 'bind',
    ok: false,
    detail: expect.stringMatching(/Login failed/),
  });
});
