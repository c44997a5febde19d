import { explainFailure } from '#directory/explain-failure.ts';
import { KerberosError } from '#directory/kerberos-error.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { LinkError } from '#directory/link-error.ts';
import { ImportFailure } from '#identity/import-failure.ts';
import type { RunErrorWord } from '#identity/run-error.ts';
import type { RunResult } from '#identity/run-result.ts';

/** What the import was doing: signing in, before its first object, or in the middle. */
export type ImportPhase = 'sign-in' | 'start' | 'middle';

type Ending = readonly [result: RunResult, word: RunErrorWord];

/** What to do about a refused search; the general advice is about setting passwords. */
const searchFixes: Readonly<Record<number, string>> = {
  3: "Give the agent's account no time limit on the server, or lower the page size of the run step.",
  4: "Give the agent's account no size limit on the server.",
  10: 'Point the agent to the server that holds the partition.',
  11: "Give the agent's account no limits on the server, or lower the page size of the run step.",
  12: "Choose the profile that fits the directory's product.",
  18: "Check the partition's filter.",
  32: "Check the partition's name and its containers.",
  34: "Check the partition's name and its containers.",
  50: "Give the agent's account the right to read the partition.",
  53: "See the directory's own words; Active Directory takes the head of a naming context for a partition only.",
};

/** Turns what the LDAP client throws into the run result that it means; other errors pass unchanged. */
export function importFailureOf(error: unknown, phase: ImportPhase, during: string): unknown {
  const isKnown = error instanceof LdapError || error instanceof LinkError || error instanceof KerberosError;
  // Whoever aborted knows why.
  if (!isKnown || (error instanceof LinkError && error.kind === 'aborted')) return error;
  const explanation = explainFailure(error, phase === 'sign-in' ? 'sign-in' : 'request');
  const [result, word] = endingOf(error, phase);
  const searchFix = error instanceof LdapError && phase !== 'sign-in' ? searchFixes[error.code] : undefined;
  return new ImportFailure(result, word, `${during}: ${explanation.cause}`, {
    serverText: error.message,
    fix: searchFix ?? explanation.fix,
    cause: error,
  });
}

function endingOf(error: LdapError | LinkError | KerberosError, phase: ImportPhase): Ending {
  const isMiddle = phase === 'middle';
  if (error instanceof KerberosError) return ['no-start-credentials', 'failed-authentication'];
  if (error instanceof LinkError) {
    if (isMiddle && error.kind === 'protocol') return ['stopped-unexpected-data', 'read-error'];
    return isMiddle
      ? ['stopped-connectivity', 'dropped-connection']
      : ['no-start-connection', 'failed-connection'];
  }
  switch (error.code) {
    case 51:
    case 52:
      return [isMiddle ? 'stopped-server-down' : 'no-start-server', 'failed-connection'];
    case 10:
    case 12:
    case 32:
    case 34:
    case 53:
      return ['no-start-bad-ma-configuration', 'failed-search'];
    case 50:
      return [isMiddle ? 'stopped-import-read' : 'no-start-credentials', 'failed-permission'];
    default:
      if (phase === 'sign-in') return ['no-start-credentials', 'failed-authentication'];
      return [isMiddle ? 'stopped-import-read' : 'no-start-connection', 'failed-search'];
  }
}
