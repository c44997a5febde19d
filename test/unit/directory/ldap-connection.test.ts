import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { ConnectionPool } from '#directory/connection-pool.ts';
import { type LdapConnection, openLdap } from '#directory/ldap-connection.ts';
import { entry, result, ScriptedDirectory } from '#test/scripted-directory.ts';

const everything = { base: '', scope: 'sub', filter: '(objectClass=*)' } as const;
const modifyResponse = 0x67;
const searchDone = 0x65;
const bindResponse = 0x61;

let folder: string;
let server: ScriptedDirectory;
const open: LdapConnection[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-ldap-'));
  server = await ScriptedDirectory.open(join(folder, 'ldapi'), () => undefined);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.close()));
  await server.close();
  rmSync(folder, { recursive: true });
});

async function connect(largestMessage?: number): Promise<LdapConnection> {
  const connection = await openLdap({ url: server.url, connectTimeout: 20_000, largestMessage });
  open.push(connection);
  return connection;
}

const change = [{ operation: 'replace', attribute: 'a', values: ['b'] }] as const;

test.each([
  ['garbage', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['half a message that says it is whole', () => Buffer.from([0x30, 0x03, 0x02, 0x01, 0x01])],
  ['the answer to another kind of request', (id: number) => result(id, bindResponse)],
  ['a result without a code', (id: number) => Buffer.from([0x30, 0x05, 2, 1, id, modifyResponse, 0])],
  ['a message beyond the limit', () => Buffer.from([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff])],
] as const)('%s closes the connection', async (_what, reply) => {
  server.answer = ({ id }) => reply(id);
  const connection = await connect();
  await expect(connection.modify('cn=x', change)).rejects.toMatchObject({ kind: 'protocol', sent: true });
  expect(connection.closed).toBe(true);
  await expect(connection.modify('cn=x', change)).rejects.toMatchObject({ kind: 'protocol', sent: false });
});

test('the limit of a message can be set', async () => {
  server.answer = ({ id }) => entry(id, 'cn=x', { a: [new Uint8Array(5000)] });
  const connection = await connect(4096);
  await expect(connection.searchEntries(everything)).rejects.toMatchObject({ kind: 'protocol' });
});

test('answers may come in any order', async () => {
  const waiting: number[] = [];
  server.answer = ({ id }, socket) => {
    waiting.push(id);
    if (waiting.length < 5) return undefined;
    for (const one of waiting.reverse()) socket.write(result(one, modifyResponse, one % 2 === 0 ? 0 : 50));
    return undefined;
  };
  const connection = await connect();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, () => connection.modify('cn=x', change)),
  );
  expect(outcomes.map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
  ]);
});

test('a result code of another operation is no success', async () => {
  server.answer = ({ id }) => result(id, modifyResponse, 5);
  await expect((await connect()).modify('cn=x', change)).rejects.toMatchObject({ code: 5 });
});

test('a notice of disconnection ends every request in the server’s words', async () => {
  server.answer = () => result(0, 0x78, 52, 'shutting down', (to) => to.text('1.3.6.1.4.1.1466.20036', 0x8a));
  const connection = await connect();
  const both = [connection.modify('cn=x', change), connection.modify('cn=y', change)];
  for (const one of both)
    await expect(one).rejects.toMatchObject({
      kind: 'closed',
      message: expect.stringContaining('shutting down'),
    });
});

test('a write that gets no answer destroys the connection; a search is abandoned', async () => {
  server.answer = () => undefined;
  const connection = await connect();
  await expect(connection.searchEntries({ ...everything, timeout: 50 })).rejects.toMatchObject({
    kind: 'timeout',
  });
  expect(connection.closed).toBe(false);
  await expect(connection.modify('cn=x', change, { timeout: 50 })).rejects.toMatchObject({
    kind: 'timeout',
    sent: true,
  });
  expect(connection.closed).toBe(true);
  // Search, abandon, modify.
  expect(server.requests.map(({ tag }) => tag)).toEqual([0x63, 0x50, 0x66]);
});

test('every entry gives a search new time', async () => {
  server.answer = ({ id, tag }, socket) => {
    if (tag !== 0x63) return undefined;
    let sent = 0;
    const timer = setInterval(() => {
      sent += 1;
      socket.write(sent < 6 ? entry(id, `cn=${sent}`) : result(id, searchDone));
      if (sent === 6) clearInterval(timer);
    }, 450);
    return undefined;
  };
  // Far from each other: a machine with much to do lets a process wait for some of it.
  expect(await (await connect()).searchEntries({ ...everything, timeout: 2000 })).toHaveLength(5);
});

test('a reader that is behind holds the server back and does not run out of time', async () => {
  const size = 20_000;
  let written = 0;
  server.answer = ({ id, tag }, socket) => {
    if (tag !== 0x63) return undefined;
    const one = entry(id, 'cn=x', { a: [new Uint8Array(2000)] });
    const pump = (): void => {
      while (written < size) {
        written += 1;
        if (!socket.write(one)) {
          socket.once('drain', pump);
          return;
        }
      }
      socket.write(result(id, searchDone));
    };
    pump();
    return undefined;
  };
  const connection = await connect();
  let read = 0;
  for await (const item of connection.search({ ...everything, timeout: 1000 })) {
    expect(item.kind).toBe('entry');
    read += 1;
    if (read === 1) {
      await new Promise((resolve) => setTimeout(resolve, 1400));
      expect(written).toBeLessThan(size / 4);
    }
  }
  expect(read).toBe(size);
});

test('a server that never ends a search cannot fill the memory of who wants all entries', async () => {
  server.answer = ({ id, tag }) =>
    tag === 0x63 ? Buffer.concat(Array.from({ length: 20 }, () => entry(id, 'cn=x'))) : undefined;
  const connection = await connect();
  await expect(connection.searchEntries({ ...everything, sizeLimit: 10 })).rejects.toMatchObject({
    kind: 'protocol',
  });
});

test('an error of a connection names no value that was sent', async () => {
  server.answer = (_request, socket) => {
    socket.destroy();
    return undefined;
  };
  const connection = await connect();
  const values = ['Canary-in-the-request-1'];
  const error: unknown = await connection
    .modify('cn=x', [{ operation: 'replace', attribute: 'userPassword', values }])
    .catch((cause) => cause);
  expect(error).toMatchObject({ kind: 'closed', sent: true });
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('Canary');
});

test('a bad filter fails the search alone', async () => {
  server.answer = ({ id }) => result(id, searchDone);
  const connection = await connect();
  await expect(connection.searchEntries({ ...everything, filter: '(((' })).rejects.toMatchObject({
    code: 'invalid_input',
  });
  expect(await connection.searchEntries(everything)).toEqual([]);
});

test('a pool opens no more than its size, uses what it has, and drops what is broken', async () => {
  let opened = 0;
  server.answer = ({ id }, socket) => {
    if (server.requests.length === 7) socket.destroy();
    return result(id, modifyResponse);
  };
  const pool = new ConnectionPool({
    size: 2,
    open: () => {
      opened += 1;
      return openLdap({ url: server.url, connectTimeout: 20_000 });
    },
  });
  const { signal } = new AbortController();
  const use = () => pool.use(signal, (connection) => connection.modify('cn=x', change));
  await Promise.all(Array.from({ length: 6 }, use));
  expect(opened).toBe(2);
  await expect(use()).rejects.toMatchObject({ kind: 'closed' });
  await Promise.all(Array.from({ length: 6 }, use));
  expect(opened).toBe(3);
  await pool.close();
  await expect(use()).rejects.toMatchObject({ kind: 'closed', sent: false });
});

test('a shared connection carries no more than it may, and only once all are open', async () => {
  let opened = 0;
  const waiting: (() => void)[] = [];
  server.answer = ({ id }, socket) => {
    waiting.push(() => socket.write(result(id, modifyResponse)));
    return undefined;
  };
  const pool = new ConnectionPool({
    size: 2,
    share: 3,
    open: () => {
      opened += 1;
      return openLdap({ url: server.url, connectTimeout: 20_000 });
    },
  });
  const { signal } = new AbortController();
  let done = 0;
  const uses = Array.from({ length: 8 }, () =>
    pool.use(signal, async (connection) => {
      await connection.modify('cn=x', change);
      done += 1;
    }),
  );
  await expect.poll(() => waiting.length).toBe(6);
  expect([opened, done]).toEqual([2, 0]);
  waiting.shift()?.();
  await expect.poll(() => [done, waiting.length]).toEqual([1, 6]);
  while (done < 8) {
    waiting.shift()?.();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(uses);
  expect(opened).toBe(2);
  await pool.close();
});

test('a shared connection that breaks fails all that it carries, and the next is another one', async () => {
  let opened = 0;
  let isBroken = false;
  server.answer = ({ id }, socket) => {
    if (isBroken) return result(id, modifyResponse);
    if (server.requests.length === 3) socket.destroy();
    return undefined;
  };
  const pool = new ConnectionPool({
    size: 1,
    share: 3,
    open: () => {
      opened += 1;
      return openLdap({ url: server.url, connectTimeout: 20_000 });
    },
  });
  const { signal } = new AbortController();
  const use = () => pool.use(signal, (connection) => connection.modify('cn=x', change));
  const outcomes = await Promise.allSettled([use(), use(), use()]);
  expect(outcomes).toEqual(
    Array.from({ length: 3 }, () => ({
      status: 'rejected',
      reason: expect.objectContaining({ kind: 'closed', sent: true }),
    })),
  );
  isBroken = true;
  await Promise.all([use(), use(), use(), use()]);
  expect(opened).toBe(2);
  await pool.close();
});

test('a pool that cannot open lets the next one try', async () => {
  let tries = 0;
  server.answer = ({ id }) => result(id, modifyResponse);
  const pool = new ConnectionPool({
    size: 1,
    open: async () => {
      tries += 1;
      if (tries === 1) throw new Error('refused');
      return openLdap({ url: server.url, connectTimeout: 20_000 });
    },
  });
  const { signal } = new AbortController();
  const use = () => pool.use(signal, (connection) => connection.modify('cn=x', change));
  const outcomes = await Promise.allSettled([use(), use(), use()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(tries).toBe(2);
  await pool.close();
});

test.each(['ldap://', 'http://host', 'nonsense', ''])('%j is no address', async (url) => {
  await expect(openLdap({ url, connectTimeout: 100 })).rejects.toMatchObject({ kind: 'unreachable' });
});
