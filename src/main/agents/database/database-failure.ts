import { ExportFailure } from '#identity/export-target.ts';
import { ImportFailure } from '#identity/import-failure.ts';
import type { RunErrorWord } from '#identity/run-error.ts';
import type { RunResult } from '#identity/run-result.ts';
import { PasswordFailure, type PasswordFailureWord } from '#shared/model/password-failure.ts';

import { SqlError, type SqlErrorKind } from './sql-error.ts';

interface Meaning {
  readonly word: PasswordFailureWord;
  readonly result: RunResult;
  readonly error: RunErrorWord;
  readonly fix: string;
}

const meanings: Readonly<Record<SqlErrorKind, Meaning>> = {
  aborted: meaning('timeout', 'stopped-connectivity', 'dropped-connection', 'Nothing; it is tried again.'),
  busy: meaning(
    'server-busy',
    'no-start-connection',
    'failed-connection',
    'Look at the locks and the load of the database.',
  ),
  closed: meaning(
    'server-down',
    'stopped-database-connection-lost',
    'dropped-connection',
    'Check that the database runs.',
  ),
  constraint: meaning(
    'extension-error',
    'stopped-import-read',
    'read-error',
    "See the database's own words.",
  ),
  credentials: meaning(
    'ma-credentials-failure',
    'no-start-credentials',
    'failed-authentication',
    "Set the agent's password: carillon agents set-password.",
  ),
  down: meaning('server-down', 'no-start-server', 'failed-connection', 'Check that the database runs.'),
  'driver-missing': meaning(
    'ma-not-configured',
    'no-start-ma',
    'failed-connection',
    'Install the driver beside the product: npm install.',
  ),
  duplicate: meaning('extension-error', 'stopped-import-read', 'read-error', "See the database's own words."),
  insecure: meaning(
    'ma-encryption-not-enabled',
    'no-start-connection',
    'failed-connection',
    'Let both sides agree on TLS: "tls" in the connection, and the server\'s own setting.',
  ),
  'no-column': meaning(
    'ma-not-configured',
    'no-start-database-schema-mismatch',
    'failed-search',
    'Correct the names of the columns.',
  ),
  'no-database': meaning(
    'ma-not-configured',
    'no-start-connection',
    'failed-connection',
    'Correct the name of the database.',
  ),
  'no-object': meaning(
    'object-not-found',
    'stopped-import-read',
    'read-error',
    'Run an import, so that the object that is gone is forgotten.',
  ),
  'no-table': meaning(
    'ma-not-configured',
    'no-start-database-table',
    'failed-search',
    'Correct the name of the table or view.',
  ),
  other: meaning('extension-error', 'stopped-import-read', 'read-error', "See the database's own words."),
  permission: meaning(
    'access-denied',
    'no-start-database-permission',
    'failed-permission',
    "Give the agent's account the right to do this.",
  ),
  refused: meaning(
    'new-password-violate-policy',
    'stopped-import-read',
    'read-error',
    'The person has to choose another password, or the two policies have to agree.',
  ),
  statement: meaning(
    'ma-not-configured',
    'no-start-bad-ma-configuration',
    'failed-search',
    'Correct the statement.',
  ),
  timeout: meaning(
    'timeout',
    'stopped-connectivity',
    'dropped-connection',
    'Look at the load of the database and the network.',
  ),
  tls: meaning(
    'ma-encryption-not-enabled',
    'no-start-connection',
    'failed-connection',
    "Check the server's certificate: its name, its dates, and its authority in caFile.",
  ),
  unreachable: meaning(
    'server-down',
    'no-start-connection',
    'failed-connection',
    'Check that the database runs, its address, and the firewall.',
  ),
};

/** What a rule of the database may begin its message with, to say more than that it refuses. */
const spoken: Readonly<Record<string, PasswordFailureWord>> = {
  'access-denied': 'access-denied',
  'object-locked': 'object-locked',
  'object-not-found': 'object-not-found',
  'object-type-unsupported': 'ma-object-type-not-supported',
  'password-ill-formed': 'new-password-ill-formed',
  'policy-violation': 'new-password-violate-policy',
  'server-down': 'server-down',
  'wrong-password': 'bad-password',
};

/** What a failed statement means for a password; other errors pass unchanged. */
export function passwordFailureOf(error: unknown, agent: string): unknown {
  if (!(error instanceof SqlError)) return error;
  const { word, fix } = meanings[error.kind];
  const said = error.kind === 'refused' ? /\b([a-z]+(?:-[a-z]+)+): /.exec(error.message)?.[1] : undefined;
  return new PasswordFailure(spoken[said ?? ''] ?? word, `${agent}: ${error.message}`, {
    certainty: error.sent ? 'unknown' : 'not-applied',
    fix,
    cause: error,
  });
}

/** What a failed statement means for an import; other errors, and an import that was called off, pass unchanged. */
export function importFailureOf(error: unknown, agent: string): unknown {
  if (!(error instanceof SqlError) || error.kind === 'aborted') return error;
  const { result, error: word, fix } = meanings[error.kind];
  return new ImportFailure(result, word, `${agent}: ${error.message}`, { fix, cause: error });
}

/** What a refusal of one object is called; anything else ends the export with the result of an import. */
const exportWords: Partial<Readonly<Record<SqlErrorKind, RunErrorWord>>> = {
  busy: 'locking-error-needs-retry',
  constraint: 'constraint-violation',
  duplicate: 'cd-existing-object',
  'no-column': 'schema-violation',
  'no-object': 'cd-missing-object',
  other: 'cd-error',
  permission: 'permission-issue',
  refused: 'constraint-violation',
  statement: 'syntax-violation',
};

/** What a failed statement means for an export; other errors pass unchanged. */
export function exportFailureOf(error: unknown, phase: 'sign-in' | 'request', during: string): unknown {
  if (!(error instanceof SqlError)) return error;
  const word = phase === 'request' ? exportWords[error.kind] : undefined;
  const { result, error: importWord, fix: general } = meanings[error.kind];
  // The general advice is about passwords.
  const fix = error.kind === 'refused' ? "See the database's own words." : general;
  const message = `${during}: ${error.message} | ${fix}`;
  if (word !== undefined) return new ExportFailure(word, message, { cause: error });
  return new ExportFailure(importWord, message, { result, cause: error });
}

function meaning(word: PasswordFailureWord, result: RunResult, error: RunErrorWord, fix: string): Meaning {
  return { word, result, error, fix };
}
