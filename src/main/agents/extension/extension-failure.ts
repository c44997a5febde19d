import { ExportFailure } from '#identity/export-target.ts';
import { ImportFailure } from '#identity/import-failure.ts';
import type { RunErrorWord } from '#identity/run-error.ts';
import type { RunResult } from '#identity/run-result.ts';
import { PasswordFailure, type PasswordFailureWord } from '#shared/model/password-failure.ts';

import { ExtensionError } from './extension-error.ts';

type Code = ExtensionError['code'];

interface Meaning {
  readonly word: PasswordFailureWord;
  readonly fix: string;
  readonly result: RunResult;
  readonly error: RunErrorWord;
}

const meanings: Readonly<Record<Code, Meaning>> = {
  'access-denied': {
    word: 'access-denied',
    fix: "Give the extension's account the right to set passwords.",
    result: 'no-start-credentials',
    error: 'failed-permission',
  },
  'bad-credentials': {
    word: 'ma-credentials-failure',
    fix: "Set the agent's password: carillon agents set-password.",
    result: 'no-start-credentials',
    error: 'failed-authentication',
  },
  'extension-error': {
    word: 'extension-error',
    fix: "See the extension's own log.",
    result: 'stopped-extensible-extension-error',
    error: 'unexpected-error',
  },
  'not-implemented': {
    word: 'ma-feature-not-supported',
    fix: 'Use an extension that offers this, or switch it off for this agent.',
    result: 'stopped-entry-point-not-implemented',
    error: 'unexpected-error',
  },
  'object-locked': {
    word: 'object-locked',
    fix: 'Unlock the account, or let the agent unlock with each set.',
    result: 'stopped-extensible-extension-error',
    error: 'read-error',
  },
  'object-not-found': {
    word: 'object-not-found',
    fix: 'Run an import, so that the object that is gone is forgotten.',
    result: 'stopped-extensible-extension-error',
    error: 'read-error',
  },
  'object-type-unsupported': {
    word: 'ma-object-type-not-supported',
    fix: 'Keep objects of this type out of the import, or switch password management off.',
    result: 'stopped-extensible-extension-error',
    error: 'read-error',
  },
  'password-ill-formed': {
    word: 'new-password-ill-formed',
    fix: 'The person has to choose another password.',
    result: 'stopped-extensible-extension-error',
    error: 'unexpected-error',
  },
  'policy-violation': {
    word: 'new-password-violate-policy',
    fix: 'The person has to choose another password, or the two policies have to agree.',
    result: 'stopped-extensible-extension-error',
    error: 'unexpected-error',
  },
  'server-down': {
    word: 'server-down',
    fix: 'Check that the system behind the extension runs.',
    result: 'no-start-connection',
    error: 'failed-connection',
  },
  'wrong-password': {
    word: 'bad-password',
    fix: 'Give the password that the account has now.',
    result: 'stopped-extensible-extension-error',
    error: 'unexpected-error',
  },
  'not-found': {
    word: 'extension-error',
    fix: 'Check the command of the extension.',
    result: 'stopped-extension-dll-file-not-found',
    error: 'failed-connection',
  },
  'not-startable': {
    word: 'extension-error',
    fix: 'Check that the account of the service may run the program.',
    result: 'stopped-extension-dll-access',
    error: 'failed-connection',
  },
  crashed: {
    word: 'extension-error',
    fix: 'Try it by hand: carillon extension test.',
    result: 'stopped-extension-dll-exception',
    error: 'unexpected-error',
  },
  timeout: {
    word: 'timeout',
    fix: 'Look at the load of the system behind the extension, or raise the time limit.',
    result: 'stopped-ma-extension-timeout',
    error: 'dropped-connection',
  },
  garbled: {
    word: 'extension-error',
    fix: 'Try it by hand: carillon extension test.',
    result: 'stopped-unexpected-data',
    error: 'unexpected-error',
  },
  aborted: {
    word: 'timeout',
    fix: 'Nothing; it is tried again.',
    result: 'stopped-ma-extension-timeout',
    error: 'dropped-connection',
  },
  closed: {
    word: 'server-down',
    fix: 'Nothing; it is tried again.',
    result: 'stopped-ma',
    error: 'dropped-connection',
  },
};

/** What a failed extension means for a password; other errors pass unchanged. */
export function passwordFailureOf(error: unknown, agent: string): unknown {
  if (!(error instanceof ExtensionError)) return error;
  const { word, fix } = meanings[error.code];
  return new PasswordFailure(word, `${agent}: ${error.message}`, {
    certainty: error.sent ? 'unknown' : 'not-applied',
    fix,
    cause: error,
  });
}

/** What a failed extension means for an import; other errors, and an import that was called off, pass unchanged. */
export function importFailureOf(error: unknown, agent: string): unknown {
  if (!(error instanceof ExtensionError) || error.code === 'aborted') return error;
  const { result, error: word, fix } = meanings[error.code];
  return new ImportFailure(result, word, `${agent}: ${error.message}`, {
    serverText: error.message,
    fix,
    cause: error,
  });
}

/** What a failed extension means for an export, which it ends; other errors pass unchanged. */
export function exportFailureOf(error: unknown, during: string): unknown {
  if (!(error instanceof ExtensionError)) return error;
  const { result, error: word, fix } = meanings[error.code];
  return new ExportFailure(word, `${during}: ${error.message} | ${fix}`, { result, cause: error });
}
