import { AppError } from '#shared/model/app-error.ts';
import { SsoError } from '#sso/sso-error.ts';

/** SQLSTATE (PostgreSQL manual, appendix A) of failures that pass, or that an administrator of the database ends. */
const passing = /^(?:08|53|57P|58|40001$|40P01$|57014$|55P03$|25P0[23]$)/;
const linkCode = /^(?:E[A-Z]{4,}|ERR_|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/;

/** What is wrong, and what to do, by SQLSTATE. */
const known: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  '28P01': ['refuses the password of this server', 'Store the right one: carillon ssoconfig -setdb.'],
  '28000': [
    'refuses the account of this server',
    'Let the account in from this host, over TLS, in pg_hba.conf of the database server.',
  ],
  '3D000': ['does not exist', 'Make it: carillon ssoconfig -createdb, or correct its name: -setdb.'],
  '42501': [
    'does not give this server the rights that it needs',
    'Make the account of the server the owner of the database.',
  ],
};

/** Whether the connection itself failed, so that nothing more can be asked over it. */
export function isLinkFailure(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) return true;
  return linkCode.test(code) || /^(?:08|57P)/.test(code);
}

/** Puts a failure of the shared database in an operator's words: `SsoError` 10785. Leaves what the work itself threw. */
export function explainSharedError(error: unknown, place: string): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const code = codeOf(error);
  // Errors of our own have no code; those of the driver without one are about the connection.
  if (code === undefined && !/timeout|terminated|connect|SSL|ended|closed|pool/i.test(error.message))
    return error;
  const [what, fix] = (code === undefined ? undefined : known[code]) ?? [];
  if (what !== undefined && fix !== undefined)
    return new SsoError(10785, 'unavailable', `The credential database ${place} ${what}`, {
      fix,
      cause: error,
    });
  if (/does not support SSL|no encryption/i.test(error.message))
    return new SsoError(10785, 'unavailable', `The credential database ${place} offers no TLS`, {
      fix: 'Switch TLS on at the database server; without it the connection is open to whoever listens.',
      cause: error,
    });
  if (code !== undefined && !passing.test(code) && !linkCode.test(code)) return error;
  return new SsoError(10785, 'unavailable', `The credential database ${place} is away: ${error.message}`, {
    fix: 'Start the database server, or correct its name: carillon ssoconfig -setdb.',
    cause: error,
  });
}

/** SQLSTATE, or Node's own code of a broken link. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
