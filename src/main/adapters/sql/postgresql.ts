import { readFileSync } from 'node:fs';

import { AdapterFailure } from '../client/adapter-work.ts';
import { preparePassword } from './prepare-password.ts';
import { makeScramVerifier } from './scram-verifier.ts';
import type { SqlProduct } from './sql-work.ts';

const connectLimit = 10_000;
const statementLimit = 30_000;
/** Classes of SQLSTATE that pass: connection, resources, operator intervention, and a row that another writes. */
const temporary = /^(?:08|53|57|40|55P03|XX000)/;

/** PostgreSQL: the password travels as a SCRAM verifier, so that neither statement nor log holds it. */
export const postgresql: SqlProduct = {
  name: 'PostgreSQL',
  async open({ host, port, database, user, caFile, socketPath, password }) {
    const { default: pg } = await import('pg');
    using secret = await password();
    const client = new pg.Client({
      host: socketPath ?? host,
      port,
      database,
      user,
      // The driver takes a string only; it is the adapter's own password, not a person's.
      password: Buffer.from(secret.bytes).toString('utf8'),
      connectionTimeoutMillis: connectLimit,
      query_timeout: statementLimit,
      ...(socketPath === undefined
        ? {
            ssl: {
              rejectUnauthorized: true,
              servername: host,
              ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
            },
          }
        : {}),
    });
    // A connection that is lost while it rests is noticed when it is used.
    client.on('error', () => undefined);
    await client.connect();
    return {
      async setPassword(role, newPassword) {
        const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1 AND rolcanlogin', [role]);
        if (known.rowCount === 0)
          throw new AdapterFailure(`PostgreSQL: no role "${role}" that may sign in`, {
            code: 4,
            isTemporary: false,
          });
        using prepared = preparePassword(newPassword);
        const verifier = await makeScramVerifier(prepared);
        // ALTER ROLE takes no parameters; a verifier has no character that needs more than the quotes.
        await client.query(
          `ALTER ROLE ${client.escapeIdentifier(role)} PASSWORD ${client.escapeLiteral(verifier)}`,
        );
      },
      async probe() {
        await client.query('SELECT 1');
      },
      close: () => client.end(),
    };
  },
  explain(error) {
    const { code, message } = errorParts(error);
    const isState = /^[0-9A-Z]{5}$/.test(code);
    return {
      code: isState ? Number.parseInt(code, 36) : 1,
      message: isState ? `${message} (${code})` : message,
      isTemporary: !isState || temporary.test(code),
    };
  },
};

function errorParts(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  return {
    code: 'code' in error && typeof error.code === 'string' ? error.code : '',
    message: error.message,
  };
}
