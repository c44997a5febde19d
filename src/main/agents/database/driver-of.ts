import type { DatabaseAgent } from '#shared/model/agent.ts';

import { createDb2Driver } from './db2-driver.ts';
import { mysqlDriver } from './mysql-driver.ts';
import { createOracleDriver } from './oracle-driver.ts';
import { postgresqlDriver } from './postgresql-driver.ts';
import type { SqlDriver } from './sql-driver.ts';
import { sqlServerDriver } from './sql-server-driver.ts';
import { sqliteDriver } from './sqlite-driver.ts';

const drivers: Readonly<Record<DatabaseAgent['kind'], SqlDriver>> = {
  sqlite: sqliteDriver,
  postgresql: postgresqlDriver,
  mysql: mysqlDriver,
  'sql-server': sqlServerDriver,
  oracle: createOracleDriver(),
  db2: createDb2Driver(),
};

/** The driver of a kind of database; it loads what it needs when it opens its first connection. */
export function driverOf({ kind }: DatabaseAgent): SqlDriver {
  return drivers[kind];
}
