import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeServerCertificate } from './certificate-authority.ts';
import { withPasswordFile } from './password-file.ts';
import { acceptsConnections, findFreePort } from './port.ts';
import { requireCommand, runCommand } from './run-command.ts';
import { controlServer } from './server-controls.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { makeReachable, type RunningSqlServer, type SqlServer, type SqlServerOptions } from './sql-server.ts';

/** PostgreSQL refuses to run as root. */
const asPostgres = ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--init-groups'] as const;

function findPrograms(): string {
  const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a));
  return `/usr/lib/postgresql/${versions[0] ?? ''}/bin`;
}

function describeServer(directory: string, port: number): SqlServer {
  return {
    product: 'postgresql',
    host: 'pg1.sql.lab',
    port,
    database: 'lab',
    caFile: join(directory, 'tls/ca.pem'),
    adminUser: 'postgres',
    adminPassword: 'Lab-Admin-1!',
    serviceUser: 'svc_carillon',
    servicePassword: 'Lab-Service-1!',
    socket: join(directory, 'run'),
    directory,
    logFile: join(directory, 'postgresql.log'),
  };
}

function writeConfiguration(server: SqlServer, options: SqlServerOptions): void {
  const { directory } = server;
  const lines = [
    "listen_addresses = '127.0.0.1'",
    `port = ${server.port}`,
    `unix_socket_directories = '${server.socket}'`,
    'ssl = on',
    `ssl_cert_file = '${directory}/tls/server.pem'`,
    `ssl_key_file = '${directory}/tls/server.key'`,
    'password_encryption = scram-sha-256',
    // Every statement is written down, so that a test can look for a password in the log.
    'log_statement = all',
    'fsync = off',
    'max_connections = 40',
    'shared_buffers = 16MB',
    ...(options.settings ?? []),
  ];
  writeFileSync(join(directory, 'db/postgresql.conf'), `${lines.join('\n')}\n`);
  const remote = (options.requireTls ?? true) ? 'hostssl' : 'host';
  writeFileSync(
    join(directory, 'db/pg_hba.conf'),
    `local all all peer map=lab\n${remote} all all 127.0.0.1/32 scram-sha-256\n`,
  );
  writeFileSync(join(directory, 'db/pg_ident.conf'), 'lab root postgres\nlab postgres postgres\n');
}

function startPostgres(server: SqlServer, programs: string): Promise<ServerProcess> {
  return startServerProcess({
    name: 'PostgreSQL',
    command: [...asPostgres, join(programs, 'postgres'), '-D', join(server.directory, 'db')],
    logFile: server.logFile,
    isReady: async () =>
      (await acceptsConnections({ port: server.port, host: '127.0.0.1' })) &&
      (await runCommand(join(programs, 'pg_isready'), ['-q', '-h', server.socket, '-p', String(server.port)]))
        .code === 0,
  });
}

/** Boots a PostgreSQL server with one database, on a free port. */
export async function startPostgresql(options: SqlServerOptions): Promise<RunningSqlServer> {
  const { directory } = options;
  const programs = findPrograms();
  const server = describeServer(directory, await findFreePort());
  const { uid, gid } = await identityOfPostgres();
  makeReachable(directory);
  await makeServerCertificate(join(directory, 'tls'), [server.host, 'localhost']);
  for (const name of ['run', 'db']) {
    mkdirSync(join(directory, name), { mode: 0o700 });
    chownSync(join(directory, name), uid, gid);
  }
  chmodSync(join(directory, 'tls'), 0o711);
  chownSync(join(directory, 'tls/server.key'), uid, gid);
  const [setpriv, ...drop] = asPostgres;
  await requireCommand(
    setpriv,
    [
      ...drop,
      join(programs, 'initdb'),
      ...['-D', join(directory, 'db'), '--no-sync', '--auth=peer', '--encoding=UTF8', '--locale=C'],
    ],
    { directory: '/' },
  );
  writeConfiguration(server, options);
  const stop = async (postgres: ServerProcess) => {
    // SIGTERM would wait for every client to leave.
    await runCommand(setpriv, [
      ...drop,
      join(programs, 'pg_ctl'),
      ...['stop', '-m', 'fast', '-W', '-D', join(directory, 'db')],
    ]);
    await postgres.stop();
  };
  const controls = await controlServer(() => startPostgres(server, programs), stop);
  const runSql = async (statements: string, database = server.database): Promise<string> => {
    const where = ['-h', server.socket, '-p', String(server.port), '-U', server.adminUser, '-d', database];
    const how = ['-X', '-q', '-t', '-A', '-F', '\t', '-v', 'ON_ERROR_STOP=1'];
    return (await requireCommand('psql', [...where, ...how], { input: statements })).stdout;
  };
  await runSql(
    `ALTER ROLE postgres PASSWORD '${server.adminPassword}';
     CREATE ROLE ${server.serviceUser} LOGIN CREATEROLE PASSWORD '${server.servicePassword}';
     CREATE DATABASE ${server.database} OWNER ${server.serviceUser};`,
    'postgres',
  );
  if (options.sql !== undefined) await runSql(options.sql);
  return {
    ...server,
    runSql: (statements) => runSql(statements),
    ...controls,
  };
}

async function identityOfPostgres(): Promise<{ readonly uid: number; readonly gid: number }> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (which) => Number((await requireCommand('id', [which, 'postgres'])).stdout)),
  );
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

/** Whether a sign-in over TLS with this password succeeds, asked with PostgreSQL's own client. */
export function probePostgresql(server: SqlServer, role: string, password: string): Promise<boolean> {
  // libpq's own notation for the two characters that divide its fields.
  const escaped = (text: string) => text.replace(/[\\:]/g, '\\$&');
  return withPasswordFile(`*:*:*:${escaped(role)}:${escaped(password)}\n`, async (file) => {
    const target = `host=${server.host} hostaddr=127.0.0.1 port=${server.port} dbname=${server.database} sslmode=verify-full sslrootcert=${server.caFile}`;
    const done = await runCommand('psql', ['-X', '-w', '-U', role, '-d', target, '-c', 'SELECT 1'], {
      env: { PGPASSFILE: file },
      timeout: 15_000,
    });
    if (done.code === 0) return true;
    if (/password authentication failed/.test(done.stderr)) return false;
    throw new Error(`Sign-in of ${role} at ${server.host} ended with ${done.code}: ${done.stderr.trim()}`);
  });
}
