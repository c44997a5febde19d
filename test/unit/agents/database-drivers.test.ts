import { expect, test } from 'vitest';

import { createDb2Driver, type Db2Client, type Db2Driver } from '#agents/database/db2-driver.ts';
import {
  createOracleDriver,
  type OracleClient,
  type OracleDriver,
  type OracleResult,
} from '#agents/database/oracle-driver.ts';
import type { SqlConnection, SqlDriver, SqlStatement } from '#agents/database/sql-driver.ts';
import { SqlError } from '#agents/database/sql-error.ts';
import { agentSchema, type DatabaseAgent } from '#shared/model/agent.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

const signal = new AbortController().signal;
const bytes = (text: string) => Uint8Array.from(Buffer.from(text));
const set: SqlStatement = { text: 'UPDATE people', values: ['u1', bytes('N3w')] };

/** What a fake of a driver was asked, and how it fails. */
interface Script {
  readonly asked: string[];
  failure?: Error;
  refusesSession?: boolean;
  hangs?: boolean;
}

function agentOf(kind: 'oracle' | 'db2', connection: object = {}): DatabaseAgent {
  return agentSchema.parse({
    kind,
    id: crypto.randomUUID(),
    name: 'hr',
    connection: { host: 'db1', database: 'hr', user: 'svc', ...connection },
    table: 'people',
    anchor: ['id'],
  }) as DatabaseAgent;
}

/** One answer after another from `script`, once signed in. */
async function answer<T>(script: Script, name: string, value: T): Promise<T> {
  script.asked.push(name);
  if (script.hangs && name !== 'open') return await new Promise<never>(() => undefined);
  if (script.failure !== undefined) throw script.failure;
  return value;
}

const names = [{ name: 'ID' }, { name: 'PHOTO' }];
const cells = [
  ['a', Buffer.from('x')],
  ['b', null],
  ['c', new Date(0)],
];

function fakeOracle(script: Script): OracleDriver {
  const left = [...cells];
  const client: OracleClient = {
    execute: async (sql, binds, options) => {
      const result: OracleResult =
        'resultSet' in options
          ? {
              resultSet: {
                metaData: names,
                getRows: (count) => answer(script, `rows ${count}`, left.splice(0, count)),
                close: () => answer(script, 'close rows', undefined),
              },
            }
          : sql.startsWith('SELECT')
            ? { rows: cells, metaData: names }
            : { rowsAffected: 1 };
      const isSession = sql.startsWith('ALTER SESSION');
      if (isSession && script.refusesSession) throw new Error('ORA-01031: insufficient privileges');
      return isSession ? result : await answer(script, `${sql} ${JSON.stringify(binds)}`, result);
    },
    commit: () => answer(script, 'commit', undefined),
    rollback: () => answer(script, 'rollback', undefined),
    close: async () => void script.asked.push('close'),
    break: async () => void script.asked.push('break'),
  };
  return {
    STRING: 's',
    BUFFER: 'b',
    DB_TYPE_RAW: 1,
    DB_TYPE_BLOB: 2,
    getConnection: (options) => answer(script, `open ${JSON.stringify(options)}`, client),
  };
}

function fakeDb2(script: Script): Db2Driver {
  const client: Db2Client = {
    queryResult: (sql, values) => {
      const rows = sql.startsWith('SELECT') ? cells.map(([ID, PHOTO]) => ({ ID, PHOTO })) : [];
      return answer(script, `${sql} ${JSON.stringify(values)}`, {
        fetch: async () => rows.shift() ?? null,
        getColumnNamesSync: () => (sql.startsWith('SELECT') ? names.map(({ name }) => name) : []),
        getAffectedRowsSync: () => 1,
        closeSync: () => void script.asked.push('close rows'),
      });
    },
    beginTransaction: () => answer(script, 'begin', undefined),
    commitTransaction: () => answer(script, 'commit', undefined),
    rollbackTransaction: () => answer(script, 'rollback', undefined),
    close: async () => void script.asked.push('close'),
  };
  return { open: (text, { connectTimeout }) => answer(script, `open ${text} ${connectTimeout}`, client) };
}

const kinds = {
  oracle: (script: Script) => createOracleDriver(async () => fakeOracle(script)),
  db2: (script: Script) => createDb2Driver(async () => ({ default: fakeDb2(script) })),
} as const;
const both = ['oracle', 'db2'] as const;

async function open(kind: 'oracle' | 'db2', script: Script, connection: object = {}): Promise<SqlConnection> {
  using password = SecretBytes.take(bytes('agent password'));
  return await kinds[kind](script).open(agentOf(kind, connection), password, signal);
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof SqlError ? [error.kind, error.sent] : error),
  );

test.each([
  [
    'oracle',
    'open {"user":"svc","password":"agent password","connectString":"tcps://db1:2484/hr?connect_timeout=10","sslServerDNMatch":true}',
  ],
  [
    'db2',
    'open DATABASE=hr;HOSTNAME=db1;PORT=50001;PROTOCOL=TCPIP;UID=svc;PWD={agent password};ConnectTimeout=10;Security=SSL; 10',
  ],
] as const)('%s signs in over TLS at its own port', async (kind, asked) => {
  const script: Script = { asked: [] };
  const connection = await open(kind, script);
  expect([script.asked[0], connection.secure]).toEqual([asked, true]);
  const plain: Script = { asked: [] };
  expect((await open(kind, plain, { tls: false, user: 'a;b}' })).secure).toBe(false);
  expect(plain.asked[0]).toMatch(kind === 'oracle' ? /tcp:\/\/db1:1521/ : /PORT=50000.*UID=\{a;b\}\}\};/);
});

test.each(both)('%s binds what it is given, in a transaction', async (kind) => {
  const script: Script = { asked: [] };
  const connection = await open(kind, script);
  await connection.begin(signal);
  expect(await connection.run(set, signal)).toMatchObject({ affected: 1, rows: [] });
  await connection.commit(signal);
  await connection.rollback(signal);
  await connection.close();
  const work = script.asked.slice(1).filter((one) => one !== 'begin' && one !== 'close rows');
  expect(work).toEqual(['UPDATE people ["u1","N3w"]', 'commit', 'rollback', 'close']);
  expect(connection.closed).toBe(true);
  expect(await failureOf(connection.run(set, signal))).toEqual(['closed', false]);
});

test.each(both)('%s reads rows in pages, with what is no text as bytes', async (kind) => {
  const connection = await open(kind, { asked: [] });
  const select = { text: 'SELECT * FROM people', values: [] };
  const pages: unknown[] = [];
  for await (const page of connection.read(select, 2, signal))
    pages.push(page.map((row) => [row.get('ID'), row.get('PHOTO')]));
  expect(pages).toEqual([
    [
      ['a', Buffer.from('x')],
      ['b', undefined],
    ],
    [['c', '1970-01-01T00:00:00.000']],
  ]);
  const { columns, rows } = await connection.run(select, signal);
  expect([columns, rows.length]).toEqual([['ID', 'PHOTO'], 3]);
});

const failures: readonly (readonly ['oracle' | 'db2', object, string, boolean])[] = [
  ['oracle', { message: 'ORA-01017: invalid username/password' }, 'credentials', false],
  ['oracle', { message: 'ORA-00942: table or view does not exist' }, 'no-table', false],
  ['oracle', { message: 'ORA-01031: insufficient privileges' }, 'permission', false],
  ['oracle', { message: 'ORA-20001: policy-violation: too short' }, 'refused', false],
  ['oracle', { message: 'ORA-00060: deadlock detected' }, 'busy', false],
  ['oracle', { message: 'NJS-500: connection was closed' }, 'closed', true],
  ['oracle', { message: 'NJS-505: unable to initiate TLS connection' }, 'tls', false],
  ['oracle', { message: 'ORA-00001: unique constraint violated' }, 'duplicate', false],
  ['db2', { message: 'SQL30082N Security processing failed' }, 'credentials', false],
  ['db2', { message: 'no table', state: '42704' }, 'no-table', false],
  ['db2', { message: '[IBM] SQL0551N SQLSTATE=42501' }, 'permission', false],
  ['db2', { message: 'policy-violation: too short', state: '75001' }, 'refused', false],
  ['db2', { message: 'lock', state: '57033' }, 'busy', false],
  ['db2', { message: 'communication', state: '08S01' }, 'closed', true],
  ['db2', { message: 'key', state: '23505' }, 'duplicate', false],
];
test.each(failures)('%s says of %o: %s', async (kind, error, word, sent) => {
  const script: Script = { asked: [] };
  const connection = await open(kind, script);
  script.failure = Object.assign(new Error(), error);
  expect(await failureOf(connection.run(set, signal))).toEqual([word, sent]);
  expect(connection.closed).toBe(word === 'closed');
});

test('a session of Oracle that cannot be set up is not left open', async () => {
  const script: Script = { asked: [], refusesSession: true };
  expect(await failureOf(open('oracle', script))).toEqual(['permission', false]);
  expect(script.asked.at(-1)).toBe('close');
});

test.each(both)('%s that does not answer is broken off, and its end stays unknown', async (kind) => {
  const script: Script = { asked: [] };
  const connection = await open(kind, script);
  script.hangs = true;
  const limit = AbortSignal.timeout(20);
  expect(await failureOf(connection.run(set, limit))).toEqual(['timeout', true]);
  expect(connection.closed).toBe(true);
  await Promise.resolve();
  expect(script.asked).toContain(kind === 'oracle' ? 'break' : 'close');
});

test.each(both)('%s without its driver says what is missing', async (kind) => {
  const missing = async () => {
    throw Object.assign(new Error('no module'), { code: 'ERR_MODULE_NOT_FOUND' });
  };
  const driver: SqlDriver = kind === 'oracle' ? createOracleDriver(missing) : createDb2Driver(missing);
  await expect(driver.open(agentOf(kind), undefined, signal)).rejects.toThrow(
    /The database driver "(?:oracledb|ibm_db)" is not installed/,
  );
});
