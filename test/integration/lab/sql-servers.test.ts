import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { probeMariadb, startMariadb } from '#lab/mariadb-server.ts';
import { probePostgresql, startPostgresql } from '#lab/postgresql-server.ts';
import type { RunningSqlServer } from '#lab/sql-server.ts';
import { sharedLab } from '#test/shared-lab.ts';

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

test('PostgreSQL takes the right password, refuses a wrong one and keeps what it has over a restart', async () => {
  server = await startPostgresql({
    directory: join(directory, 'postgresql'),
    sql: "CREATE ROLE bthorsson LOGIN PASSWORD 'Nä:w\\1'",
  });
  expect(await probePostgresql(server, 'bthorsson', 'Nä:w\\1')).toBe(true);
  expect(await probePostgresql(server, 'bthorsson', 'wrong')).toBe(false);
  expect(await probePostgresql(server, server.serviceUser, server.servicePassword)).toBe(true);
  await server.restart();
  expect(await server.runSql("SELECT rolname FROM pg_roles WHERE rolname = 'bthorsson'")).toBe('bthorsson\n');
  expect(readFileSync(server.logFile, 'utf8')).toContain('bthorsson');
});

test('MariaDB takes the right password, refuses a wrong one and keeps what it has over a restart', async () => {
  server = await startMariadb({
    directory: join(directory, 'mariadb'),
    sql: "CREATE USER 'bthorsson'@'%' IDENTIFIED BY 'Nä\"w#1'",
  });
  expect(await probeMariadb(server, 'bthorsson', 'Nä"w#1')).toBe(true);
  expect(await probeMariadb(server, 'bthorsson', 'wrong')).toBe(false);
  expect(await probeMariadb(server, server.serviceUser, server.servicePassword)).toBe(true);
  await server.kill();
  await server.restart();
  expect(await probeMariadb(server, 'bthorsson', 'Nä"w#1')).toBe(true);
});
