import { readFileSync } from 'node:fs';

import { messageOf } from '#shared/model/message-of.ts';

import { AdapterFailure } from '../client/adapter-work.ts';
import { makeNativeHash } from './mariadb-hash.ts';
import type { SqlProduct } from './sql-work.ts';

const connectLimit = 10_000;
/** Error numbers that pass: too many connections, shutting down, lock waits, deadlocks, read only. */
const temporary = new Set([1040, 1053, 1205, 1213, 1290, 1836]);

interface UserRow {
  readonly Host: string;
  readonly plugin: string;
}

/** MariaDB and MySQL: the password travels as the hash that the server would store. */
export const mariadb: SqlProduct = {
  name: 'MariaDB',
  async open({ host, port, database, user, caFile, socketPath, password }) {
    const { createConnection } = await import('mysql2/promise');
    using secret = await password();
    const connection = await createConnection({
      ...(socketPath === undefined
        ? {
            host,
            port,
            ssl: {
              rejectUnauthorized: true,
              ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
            },
          }
        : { socketPath }),
      user,
      database,
      // The driver takes a string only; it is the adapter's own password, not a person's.
      password: Buffer.from(secret.bytes).toString('utf8'),
      connectTimeout: connectLimit,
      charset: 'utf8mb4',
    });
    connection.on('error', () => undefined);
    return {
      async setPassword(role, newPassword) {
        const [found] = await connection.query('SELECT Host, plugin FROM mysql.user WHERE User = ?', [role]);
        const users = (found as UserRow[]).filter(
          ({ plugin }) => plugin === 'mysql_native_password' || plugin === '',
        );
        if (users.length === 0)
          throw new AdapterFailure(`MariaDB: no user "${role}" that signs in with a password`, { code: 4 });
        const hash = makeNativeHash(newPassword);
        for (const { Host } of users)
          await connection.query(
            `ALTER USER ?@? IDENTIFIED VIA mysql_native_password USING ${connection.escape(hash)}`,
            [role, Host],
          );
      },
      async probe() {
        await connection.query('SELECT 1');
      },
      close: () => connection.end(),
    };
  },
  explain(error) {
    const isKnown = error instanceof Error && 'errno' in error && typeof error.errno === 'number';
    const code = isKnown ? Number(error.errno) : 1;
    const message = messageOf(error);
    const isServer = isKnown && code >= 1000 && code < 2000;
    return { code, message, isTemporary: !isServer || temporary.has(code) };
  },
};
