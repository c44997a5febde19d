import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { startPostgresql } from '#lab/postgresql-server.ts';
import type { RunningSqlServer } from '#lab/sql-server.ts';
import { type SharedDatabaseSettings, sharedDatabaseSchema } from '#shared/model/shared-database.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { createSso } from '#sso/create-sso.ts';
import { createSharedCredentials } from '#store/shared/create-shared-credentials.ts';
import { SharedCredentialTable } from '#store/shared/shared-credential-table.ts';
import { connectSharedDatabase, type SharedDatabase } from '#store/shared/shared-database.ts';
import { sharedMigrations } from '#store/shared/shared-migrations.ts';
import { SharedNotificationTable } from '#store/shared/shared-notification-table.ts';
import { requireSharedShape, shapeSharedDatabase } from '#store/shared/shared-schema.ts';
import { credentialRules } from '#test/credential-rules.ts';
import { refused } from '#test/refused.ts';
import { sharedLab } from '#test/shared-lab.ts';
import { applicationOf, callers, openSsoWorld, setUpMapping } from '#test/sso-world.ts';

let directory: string;
let server: RunningSqlServer;

beforeAll(async () => {
  directory = mkdtempSync(join(sharedLab().directory, 'ssodb-'));
  server = await startPostgresql({ directory: join(directory, 'postgresql') });
});

afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

function settingsOf(changes: Partial<SharedDatabaseSettings> = {}): SharedDatabaseSettings {
  const { port, database, caFile, serviceUser, host } = server;
  return sharedDatabaseSchema.parse({
    ...{ host: '127.0.0.1', serverName: host, port, database, user: serviceUser, caFile },
    ...{ connectTimeout: 5, ...changes },
  });
}

function connect(changes: Partial<SharedDatabaseSettings> = {}, password = server.servicePassword) {
  return connectSharedDatabase({
    settings: settingsOf(changes),
    password: async () => SecretBytes.take(new TextEncoder().encode(password)),
  });
}

async function withEmpty(work: (database: SharedDatabase) => Promise<void>): Promise<void> {
  await server.runSql('DROP SCHEMA IF EXISTS carillon CASCADE');
  await using database = await connect();
  await work(database);
}

test.each(credentialRules)('shared: $name', async ({ check }) => {
  await withEmpty(async (database) => {
    await shapeSharedDatabase(database, sharedMigrations, 'create');
    await check({
      database: createSharedCredentials(database, new SharedCredentialTable(database)),
      queue: new SharedNotificationTable(database),
    });
    expect.hasAssertions();
  });
});

test('a database is made once, found whole, and one that is none or newer is refused', async () => {
  await withEmpty(async (database) => {
    await expect(requireSharedShape(database, sharedMigrations)).rejects.toEqual(refused(10833));
    const both = await Promise.allSettled([
      shapeSharedDatabase(database, sharedMigrations, 'create'),
      shapeSharedDatabase(database, sharedMigrations, 'create'),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await requireSharedShape(database, sharedMigrations);
    await expect(shapeSharedDatabase(database, sharedMigrations, 'create')).rejects.toEqual(refused(10831));
    const next = { name: '0020-later', sql: 'CREATE TABLE carillon.later (id integer)' };
    const longer = [...sharedMigrations, next];
    await expect(requireSharedShape(database, longer)).rejects.toEqual(refused(10832));
    expect(await shapeSharedDatabase(database, longer, 'upgrade')).toEqual(['0020-later']);
    await expect(requireSharedShape(database, sharedMigrations)).rejects.toThrow(
      'newer version (0020-later)',
    );
    await server.runSql('DROP TABLE carillon.migration');
    await expect(requireSharedShape(database, sharedMigrations)).rejects.toThrow('no credential database');
  });
});

test('what keeps a server from the database is said in words, and nothing travels without TLS', async () => {
  const ask = async (changes: Partial<SharedDatabaseSettings>, password?: string): Promise<string> => {
    await using database = await connect(changes, password);
    return await requireSharedShape(database, sharedMigrations).then(
      () => 'none',
      (error: unknown) => String(error),
    );
  };
  expect(await ask({}, 'wrong')).toContain('refuses the password of this server (event 10785)');
  expect(await ask({ database: 'elsewhere' })).toContain('elsewhere at 127.0.0.1');
  expect(await ask({ database: 'elsewhere' })).toContain('does not exist');
  expect(await ask({ port: 1 })).toContain('is away: ');
  expect(await ask({ serverName: 'other.sql.lab' })).toMatch(/is away: .*altname/i);
  expect(await ask({ tls: false })).toContain('refuses the account of this server');
  expect(() => sharedDatabaseSchema.parse({ host: 'a', user: 'b', database: 'x'.repeat(129) })).toThrow();
});

test('two servers that change the same mappings at once leave what one of them wrote', async () => {
  await withEmpty(async (first) => {
    await shapeSharedDatabase(first, sharedMigrations, 'create');
    await using second = await connect();
    const [one, two] = [first, second].map((each) =>
      createSharedCredentials(each, new SharedCredentialTable(each)),
    );
    if (one === undefined || two === undefined) throw new Error('Two were opened');
    await one.applications.insert([applicationOf({ name: 'One' })]);
    const insert = (at: typeof one) =>
      at
        .insertMappings([
          {
            application: 'One',
            windowsAccount: 'FAB\\a',
            externalUser: 'a',
            enabled: true,
            disabledByAdministrator: false,
          },
        ])
        .then(
          () => 'made',
          (error: { readonly event?: number }) => error.event,
        );
    expect((await Promise.all([insert(one), insert(two)])).sort()).toEqual([11045, 'made']);
    const heard = new Promise<string>((resolve, reject) => {
      second.listen('carillon_sso', resolve, () => reject(new Error('lost'))).catch(reject);
    });
    // Announced until it is heard: listening begins in its own time.
    const announce = setInterval(() => {
      first.run("SELECT pg_notify('carillon_sso', 'queue Dir')").catch(() => undefined);
    }, 50);
    expect(await heard.finally(() => clearInterval(announce))).toBe('queue Dir');
  });
});

test('while the database is away, what was looked up before is given out of the cache, and nothing else is', async () => {
  await withEmpty(async (database) => {
    await shapeSharedDatabase(database, sharedMigrations, 'create');
    await using world = await openSsoWorld();
    const ports = {
      ...world.ports,
      database: createSharedCredentials(database, new SharedCredentialTable(database)),
    };
    const sso = createSso(ports);
    await setUpMapping(Object.assign(Object.create(world), { sso }), { name: 'SAP' });
    const lookUp = async () => {
      const { fields } = await sso.lookups.getCredentials(callers.jdoe, 'SAP');
      const texts = fields.map(({ bytes }) => new TextDecoder().decode(bytes));
      for (const field of fields) field.wipe();
      return texts;
    };
    expect(await lookUp()).toEqual(['Pa55word']);
    const asleep = database.all('SELECT pg_sleep(30)').catch((error: unknown) => error);
    await server.stop();
    // A statement under way fails alone, not the process.
    expect(await asleep).toEqual(refused(10785));
    expect(await lookUp()).toEqual(['Pa55word']);
    const away = { event: 10785, code: 'unavailable' };
    await expect(ports.database.applications.list()).rejects.toMatchObject(away);
    sso.forget('SAP');
    await expect(lookUp()).rejects.toMatchObject(away);
    await server.restart();
    await vi.waitFor(async () => expect(await lookUp()).toEqual(['Pa55word']), {
      timeout: 30_000,
      interval: 200,
    });
  });
});
