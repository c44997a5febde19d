import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeServerCertificate } from './certificate-authority.ts';
import { withPasswordFile } from './password-file.ts';
import { acceptsConnections, findFreePort } from './port.ts';
import { requireCommand, runCommand } from './run-command.ts';
import { controlServer } from './server-controls.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { makeReachable, type RunningSqlServer, type SqlServer, type SqlServerOptions } from './sql-server.ts';

function describeServer(directory: string, port: number): SqlServer {
  return {
    product: 'mariadb',
    host: 'maria1.sql.lab',
    port,
    database: 'lab',
    caFile: join(directory, 'tls/ca.pem'),
    adminUser: 'root',
    adminPassword: 'Lab-Admin-1!',
    serviceUser: 'svc_carillon',
    servicePassword: 'Lab-Service-1!',
    socket: join(directory, 'run/mariadb.sock'),
    directory,
    logFile: join(directory, 'mariadb.log'),
  };
}

function writeConfiguration(server: SqlServer, options: SqlServerOptions): void {
  const { directory } = server;
  const lines = [
    '[mariadbd]',
    'user = mysql',
    `datadir = ${directory}/db`,
    `socket = ${server.socket}`,
    `pid-file = ${directory}/run/mariadb.pid`,
    'bind-address = 127.0.0.1',
    `port = ${server.port}`,
    `ssl-ca = ${directory}/tls/ca.pem`,
    `ssl-cert = ${directory}/tls/server.pem`,
    `ssl-key = ${directory}/tls/server.key`,
    'character-set-server = utf8mb4',
    'skip-name-resolve',
    'innodb-flush-log-at-trx-commit = 0',
    'innodb-buffer-pool-size = 16M',
    'innodb-log-file-size = 8M',
    // Every statement is written down, so that a test can look for a password in the log.
    'general-log = 1',
    `general-log-file = ${directory}/run/general.log`,
    ...((options.requireTls ?? true) ? ['require-secure-transport = ON'] : []),
    ...(options.settings ?? []),
  ];
  writeFileSync(join(directory, 'my.cnf'), `${lines.join('\n')}\n`);
}

function startMariadbd(server: SqlServer): Promise<ServerProcess> {
  return startServerProcess({
    name: 'MariaDB',
    command: ['mariadbd', `--defaults-file=${join(server.directory, 'my.cnf')}`],
    logFile: server.logFile,
    isReady: async () =>
      (await acceptsConnections({ port: server.port, host: '127.0.0.1' })) &&
      acceptsConnections({ path: server.socket }),
  });
}

/** Boots a MariaDB server with one database, on a free port. */
export async function startMariadb(options: SqlServerOptions): Promise<RunningSqlServer> {
  const { directory } = options;
  const server = describeServer(directory, await findFreePort());
  makeReachable(directory);
  await makeServerCertificate(join(directory, 'tls'), [server.host, 'localhost']);
  for (const name of ['run', 'db']) mkdirSync(join(directory, name), { mode: 0o700 });
  chmodSync(join(directory, 'tls'), 0o711);
  await requireCommand('chown', [
    '-R',
    'mysql:mysql',
    ...['run', 'db', 'tls'].map((name) => join(directory, name)),
  ]);
  writeConfiguration(server, options);
  await requireCommand('mariadb-install-db', [
    `--defaults-file=${join(directory, 'my.cnf')}`,
    '--auth-root-authentication-method=socket',
    '--skip-test-db',
    '--skip-name-resolve',
  ]);
  const controls = await controlServer(() => startMariadbd(server));
  const runSql = async (statements: string, database = server.database): Promise<string> => {
    const how = [
      '--no-defaults',
      '-S',
      server.socket,
      '-N',
      '-B',
      '--default-character-set=utf8mb4',
      database,
    ];
    return (await requireCommand('mariadb', how, { input: statements })).stdout;
  };
  await runSql(
    `CREATE DATABASE ${server.database};
     CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY '${server.adminPassword}';
     GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
     CREATE USER '${server.serviceUser}'@'%' IDENTIFIED BY '${server.servicePassword}';
     GRANT CREATE USER, RELOAD ON *.* TO '${server.serviceUser}'@'%';
     GRANT SELECT, UPDATE ON mysql.* TO '${server.serviceUser}'@'%';
     GRANT ALL ON ${server.database}.* TO '${server.serviceUser}'@'%';`,
    'mysql',
  );
  if (options.sql !== undefined) await runSql(options.sql);
  return {
    ...server,
    runSql: (statements) => runSql(statements),
    ...controls,
  };
}

/** Whether a sign-in over TLS with this password succeeds, asked with MariaDB's own client. */
export function probeMariadb(server: SqlServer, user: string, password: string): Promise<boolean> {
  const quoted = password.replace(/[\\"]/g, '\\$&');
  return withPasswordFile(`[client]\npassword = "${quoted}"\n`, async (file) => {
    const how = [
      `--defaults-file=${file}`,
      ...['-h', server.host, '-P', String(server.port), '-u', user, '--protocol=TCP'],
      ...[`--ssl-ca=${server.caFile}`, '--ssl-verify-server-cert', '--default-character-set=utf8mb4'],
    ];
    const done = await runCommand('mariadb', [...how, '-e', 'SELECT 1'], { timeout: 15_000 });
    if (done.code === 0) return true;
    if (/ERROR 1045/.test(done.stderr)) return false;
    throw new Error(`Sign-in of ${user} at ${server.host} ended with ${done.code}: ${done.stderr.trim()}`);
  });
}
