import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { importSourceOf } from '#agents/import-source-of.ts';
import type { OpenPasswordTarget } from '#agents/password-target-of.ts';
import { schemaSourceOf } from '#agents/schema-source-of.ts';
import { decideRetry } from '#engine/decide-retry.ts';
import type { Connector } from '#engine/join-table.ts';
import { startMariadb } from '#lab/mariadb-server.ts';
import { startPostgresql } from '#lab/postgresql-server.ts';
import type { RunningSqlServer } from '#lab/sql-server.ts';
import { agentSchema } from '#shared/model/agent.ts';
import { PasswordFailure, type PasswordFailureWord } from '#shared/model/password-failure.ts';
import type { ConformingKind } from '#test/conforming/conforming-kind.ts';
import { databaseKind, mariadbTables, postgresqlTables } from '#test/conforming/database-kind.ts';
import { directoryKind } from '#test/conforming/directory-kind.ts';
import { expectFailure } from '#test/conforming/expect-failure.ts';
import { extensionKind } from '#test/conforming/extension-kind.ts';
import { sqliteKind } from '#test/conforming/sqlite-kind.ts';
import { expectPeopleWritten, exportScene, exportTables, staffOf } from '#test/export-scene.ts';
import {
  activeDirectoryScene,
  ds389Scene,
  openLdapScene,
  productScene,
  secret,
} from '#test/password-scene.ts';
import { sharedLab } from '#test/shared-lab.ts';

const lab = sharedLab();
const directory = mkdtempSync(join(lab.directory, 'conformance-'));
let postgresql: RunningSqlServer;
let mariadb: RunningSqlServer;
let count = 0;

beforeAll(async () => {
  [postgresql, mariadb] = await Promise.all([
    startPostgresql({
      directory: join(directory, 'pg'),
      sql: postgresqlTables + exportTables('svc_carillon'),
      requireTls: false,
      // Without it, a server that logs statements logs their parameters too: docs/agents.md says so.
      settings: ['log_parameter_max_length = 0'],
    }),
    startMariadb({
      directory: join(directory, 'maria'),
      sql: mariadbTables + exportTables("'svc_carillon'@'%'"),
      requireTls: false,
    }),
  ]);
});

afterAll(async () => {
  await Promise.all([postgresql?.stop(), mariadb?.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

const maria = (): RunningSqlServer => mariadb;
const pg = (): RunningSqlServer => postgresql;
const kinds: readonly (readonly [string, ConformingKind, Partial<Record<string, PasswordFailureWord>>])[] = [
  ['Active Directory', directoryKind(activeDirectoryScene(lab.samba)), {}],
  ['OpenLDAP', directoryKind(openLdapScene(lab.openldap)), {}],
  // Who may not read there does not even see whom it is about.
  ['389 Directory Server', directoryKind(ds389Scene(lab.ds389)), { denied: 'object-not-found' }],
  // No server of these products is at hand; one that speaks the same protocol stands in, under their profiles.
  ['AD LDS, over Samba', directoryKind(activeDirectoryScene(lab.samba, 'adlds')), {}],
  ['IBM, over 389', directoryKind(productScene(lab.ds389, 'ibm')), { denied: 'object-not-found' }],
  [
    'eDirectory, over 389',
    directoryKind(productScene(lab.ds389, 'edirectory')),
    { denied: 'object-not-found' },
  ],
  ['Domino, over 389', directoryKind(productScene(lab.ds389, 'domino')), { denied: 'object-not-found' }],
  ['generic LDAP, over OpenLDAP', directoryKind(openLdapScene(lab.openldap, 'generic')), {}],
  ['PostgreSQL by statements', databaseKind(pg, 'statement'), {}],
  ['PostgreSQL by procedures', databaseKind(pg, 'procedure'), {}],
  ['MariaDB by statements', databaseKind(maria, 'statement'), {}],
  ['MariaDB by procedures', databaseKind(maria, 'procedure'), {}],
  // A file is never away for long: whoever holds it is told of, and it is tried again.
  ['SQLite', sqliteKind(() => join(directory, 'sqlite')), { hung: 'server-busy' }],
  ['extensible connectivity', extensionKind(() => join(directory, 'extension'), 'extension'), {}],
  ['a file with a password extension', extensionKind(() => join(directory, 'file'), 'delimited'), {}],
];

const signal = (): AbortSignal => AbortSignal.timeout(30_000);
const plain = { unlock: false, mustChange: false };
const newPassword = (): string => {
  count += 1;
  return `Conform-${count}-Äé'Zx9`;
};

/** As the engine ends an operation at its time limit. */
async function withLimit<T>(limit: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const timer = setTimeout(
    () => abort.abort(new PasswordFailure('timeout', 'Late', { certainty: 'unknown' })),
    limit,
  );
  try {
    return await work(abort.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** The first attempt may meet the dead link; it is the engine that tries again. */
async function setAsTheEngineDoes(
  target: OpenPasswordTarget,
  connector: Connector,
  password: string,
  between: () => Promise<void> = async () => undefined,
): Promise<void> {
  try {
    await target.setPassword(connector, secret(password), plain, signal());
  } catch (error) {
    if (!(error instanceof PasswordFailure) || !decideRetry(error.word).retried) throw error;
    await between();
    await target.setPassword(connector, secret(password), plain, signal());
  }
}

describe.each(kinds)('%s', (name, kind, words) => {
  // The wire knows nothing of statements and procedures.
  const onTheWire = test.skipIf(name.endsWith('by procedures'));

  beforeAll(() => kind.open());
  afterAll(async () => {
    await kind.fault('none');
    await kind.close();
  });

  test('a set password is right, and a proof tells it from a wrong one', async () => {
    const target = kind.target();
    const password = newPassword();
    await target.setPassword(kind.known, secret(password), plain, signal());
    expect(await kind.proves(password)).toBe(true);
    expect(await target.verifyPassword(kind.known, secret(password), signal())).toEqual({
      verdict: 'verified',
    });
    await target.probe(signal());
  });

  test('a change takes the old password, and nothing but the right one', async () => {
    const target = kind.target();
    const [old, next] = [newPassword(), newPassword()];
    await target.setPassword(kind.known, secret(old), plain, signal());
    await target.changePassword(kind.known, secret(old), secret(next), signal());
    expect(await kind.proves(next)).toBe(true);
    await expectFailure(
      target.changePassword(kind.known, secret(old), secret(newPassword()), signal()),
      'bad-password',
    );
    expect(await kind.proves(next)).toBe(true);
  });

  test('a policy that refuses ends the delivery', async () => {
    await expectFailure(
      kind.target().setPassword(kind.known, secret('x'), plain, signal()),
      'new-password-violate-policy',
    );
  });

  test('an object that is gone ends the delivery', async () => {
    const failure = await expectFailure(
      kind.target().setPassword(kind.missing, secret(newPassword()), plain, signal()),
      'object-not-found',
    );
    expect(failure.certainty).toBe('not-applied');
  });

  test('an account without the right is told so', async () => {
    await expectFailure(
      kind.target('denied').setPassword(kind.known, secret(newPassword()), plain, signal()),
      words['denied'] ?? 'access-denied',
    );
    await kind.fault('none');
  });

  test.skipIf(name === 'SQLite')('no password travels over a connection that is not protected', async () => {
    const target = kind.target('insecure');
    await expectFailure(
      target.setPassword(kind.known, secret(newPassword()), plain, signal()),
      'ma-encryption-not-enabled',
    );
    await kind.fault('none');
  });

  onTheWire('a server that is down is tried again, and works when it is back', async () => {
    const target = kind.target();
    await kind.fault('down');
    await expectFailure(
      target.setPassword(kind.known, secret(newPassword()), plain, signal()),
      'server-down',
    );
    await kind.fault('none');
    const password = newPassword();
    await target.setPassword(kind.known, secret(password), plain, signal());
    expect(await kind.proves(password)).toBe(true);
  });

  onTheWire('a server that hangs is given up at the time limit, and works when it goes on', async () => {
    const target = kind.target();
    await target.probe(signal());
    await kind.fault('hang');
    await expectFailure(
      withLimit(500, (limit) => target.setPassword(kind.known, secret(newPassword()), plain, limit)),
      words['hung'] ?? 'timeout',
    );
    await kind.fault('none');
    const password = newPassword();
    await setAsTheEngineDoes(target, kind.known, password);
    expect(await kind.proves(password)).toBe(true);
  });

  onTheWire('a slow server is waited for', async () => {
    await kind.fault('slow');
    const password = newPassword();
    await kind.target().setPassword(kind.known, secret(password), plain, signal());
    await kind.fault('none');
    expect(await kind.proves(password)).toBe(true);
  });

  onTheWire('a link that was lost is made anew', async () => {
    const target = kind.target();
    await target.probe(signal());
    kind.cut();
    const password = newPassword();
    await setAsTheEngineDoes(target, kind.known, password, () => kind.fault('none'));
    expect(await kind.proves(password)).toBe(true);
  });
});

describe.each([
  ['PostgreSQL', pg],
  ['MariaDB', maria],
] as const)('%s beside passwords', (_name, server) => {
  const dependencies = () => ({ credentials: async () => secret(server().servicePassword), now: Date.now });

  test('people are made, changed and deleted in its tables', async () => {
    const { agent, rows } = staffOf(server());
    const scene = exportScene(agent, server().servicePassword);
    try {
      await expectPeopleWritten(scene, rows);
      // What it refuses has its word, and leaves nothing of the object behind.
      const taken = { mail: ['same@fabrikam.lab'], phone: ['1'] };
      expect(await scene.exportOnly({ e5: taken, e6: taken, e7: {} })).toEqual({
        result: 'completed-export-errors',
        words: ['cd-existing-object', 'constraint-violation'],
      });
      expect(await rows()).toMatchObject({ e5: taken });
    } finally {
      await scene.world.close();
    }
  });

  test('it tells its tables, columns and attributes', async () => {
    const { agent } = staffOf(server());
    const draft = agentSchema.parse({ id: crypto.randomUUID(), name: 'Staff', ...agent });
    const { attributes, tables } = await schemaSourceOf(draft, dependencies()).readSchema([], signal());
    expect(tables).toEqual(expect.arrayContaining(['contact', 'people', 'staff']));
    expect(attributes.map(({ name, anchor }) => [name, anchor])).toEqual(
      expect.arrayContaining([
        ['id', true],
        ['mail', false],
        ['phone', false],
      ]),
    );
  });

  test.each(['statement', 'procedure'] as const)('a connection test tells who may set by %s', async (way) => {
    const kind = databaseKind(server, way);
    await kind.open();
    try {
      const probe = async (how?: 'denied') => {
        const agent = kind.agent?.(how);
        if (agent === undefined) throw new Error('No agent');
        return (await importSourceOf(agent, dependencies()).testConnection(signal())).at(-1);
      };
      expect(await probe()).toMatchObject({ name: 'password-rights', ok: true });
      expect(await probe('denied')).toMatchObject({ name: 'password-rights', ok: false });
    } finally {
      await kind.close();
    }
  });
});

test('PostgreSQL logs no password that the product has set', () => {
  const logged = readFileSync(postgresql.logFile, 'utf8')
    .split('\n')
    // The test itself proves by statements with the password in them.
    .filter((line) => !line.includes('count(*)'));
  expect(logged.filter((line) => line.includes('hash_password(')).length).toBeGreaterThan(0);
  expect(logged.filter((line) => /Conform-\d+/.test(line))).toEqual([]);
});
