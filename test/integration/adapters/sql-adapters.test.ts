import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { mariadb } from '#adapters/sql/mariadb.ts';
import { postgresql } from '#adapters/sql/postgresql.ts';
import { createSqlWork } from '#adapters/sql/sql-work.ts';
import { probeMariadb, startMariadb } from '#lab/mariadb-server.ts';
import { probePostgresql, startPostgresql } from '#lab/postgresql-server.ts';
import type { RunningSqlServer } from '#lab/sql-server.ts';
import { sharedLab } from '#test/shared-lab.ts';
import { secretOf } from '#test/sync-world.ts';

const password = 'Näw\'-"1\\ß';
const change = { trackingId: 'id', application: 'Payroll', externalAccount: 'bthorsson', timestamp: 1 };
let directory: string;
let server: RunningSqlServer | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(sharedLab().directory, 'own-'));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(directory, { recursive: true, force: true });
});

test.each([
  [
    'PostgreSQL',
    postgresql,
    startPostgresql,
    probePostgresql,
    "CREATE ROLE bthorsson LOGIN PASSWORD 'Initial-1'",
    'postgresql.log',
  ],
  [
    'MariaDB',
    mariadb,
    startMariadb,
    probeMariadb,
    "CREATE USER 'bthorsson'@'%' IDENTIFIED BY 'Initial-1'",
    'run/general.log',
  ],
] as const)(
  '%s takes a new password, and its log of statements never shows it',
  async (_, product, start, probe, sql, logFile) => {
    const running = await start({ directory: join(directory, 'server'), sql });
    server = running;
    const { host, port, database, caFile, serviceUser: user, servicePassword } = running;
    const own = async () => secretOf(servicePassword);
    const work = createSqlWork(product, {
      host,
      port,
      database,
      caFile,
      user,
      password: own,
      concurrency: 2,
    });
    const { signal } = new AbortController();
    try {
      using next = secretOf(password);
      await work.setPassword(change, next, undefined, signal);
      expect(await probe(running, 'bthorsson', password)).toBe(true);
      expect(await probe(running, 'bthorsson', 'Initial-1')).toBe(false);
      const log = readFileSync(join(running.directory, logFile), 'utf8');
      expect(log).toMatch(/ALTER (?:ROLE|USER)/);
      expect(log).not.toContain('Näw');
      const nobody = work.setPassword({ ...change, externalAccount: 'nobody' }, next, undefined, signal);
      await expect(nobody).rejects.toMatchObject({ isTemporary: false });
      await running.kill();
      const away = work.setPassword(change, next, undefined, signal);
      await expect(away).rejects.toMatchObject({ isTemporary: true });
    } finally {
      await work.close();
    }
  },
);
