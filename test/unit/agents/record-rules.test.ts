import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { joinAnchor, splitAnchor } from '#agents/record/record-anchor.ts';
import { agentSchema } from '#shared/model/agent.ts';
import { findConnectionBreaches } from '#shared/model/find-connection-breaches.ts';

const base = {
  id: randomUUID(),
  name: 'Payroll',
  anchor: ['id'],
  table: 'people',
  password: { enabled: true },
};

function breaches(agent: object): readonly string[] {
  return findConnectionBreaches(agentSchema.parse(agent), ['agents', 0]).map(({ path, message }) =>
    [path.slice(2).join('.'), message].join(': '),
  );
}

test.each([
  [{ connection: { path: 'people.db' } }, 'connection.path: "people.db" is not an absolute path'],
  [
    { connection: { path: '/srv/people.db' } },
    'password.enabled: "Payroll" has no password method: it refuses every password (event 6922)',
  ],
  [
    {
      connection: { path: 'C:\\data\\people.db' },
      passwordMethod: {
        method: 'statement',
        set: "UPDATE people SET p = :password || ':x' WHERE key = :nobody::text",
      },
    },
    'passwordMethod.set: ":nobody" is no parameter',
  ],
  [
    {
      connection: { path: '/x' },
      passwordMethod: { method: 'statement', set: 'UPDATE people SET p = 1 WHERE id = :id' },
    },
    'passwordMethod.set: The password has no place in it',
  ],
])('a database agent is told what is wrong with it: %j', (settings, expected) => {
  expect(breaches({ ...base, kind: 'sqlite', ...settings })).toContain(expected);
});

test('a database that is reached without TLS may not require protection', () => {
  const connection = { host: 'pg1', database: 'hr', user: 'svc', tls: false };
  expect(breaches({ ...base, kind: 'postgresql', connection })[0]).toMatch(
    /^connection.tls: .* without TLS$/,
  );
  const socket = { ...connection, host: '/run/postgresql' };
  expect(breaches({ ...base, kind: 'postgresql', connection: socket })[0]).toMatch(/^password.enabled/);
});

test.each([[['a']], [['a+b', 'c']], [['\\', '+', 'x\\+']], [['Ä', '', 'z']]])(
  'an anchor of %j is put together and taken apart',
  (parts) => {
    expect(splitAnchor(joinAnchor(parts), parts.length)).toEqual(parts);
  },
);
