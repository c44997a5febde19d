import { ChannelError, type ChannelErrorCode } from '#channel/channel-error.ts';
import { KerberosError } from '#directory/kerberos-error.ts';
import { AppError } from '#shared/model/app-error.ts';
import { PasswordFailure, type PasswordFailureWord } from '#shared/model/password-failure.ts';

/** What the failures of the channel are called at a target; the others mean that the server cannot be reached. */
const words: Partial<Readonly<Record<ChannelErrorCode, PasswordFailureWord>>> = {
  'spn-missing': 'ma-credentials-failure',
  'spn-duplicate': 'ma-credentials-failure',
  'spn-form': 'ma-credentials-failure',
  'wrong-service': 'ma-credentials-failure',
  'no-ticket': 'ma-credentials-failure',
  'wrong-key': 'ma-credentials-failure',
  expired: 'ma-credentials-failure',
  'not-service-account': 'ma-credentials-failure',
  'not-a-domain-controller': 'ma-credentials-failure',
  'clock-skew': 'time-difference-at-dc',
  'not-allowed': 'access-denied',
  busy: 'server-busy',
  refused: 'server-busy',
  timeout: 'timeout',
  invalid: 'new-password-ill-formed',
};
/** Nobody knows whether the server has the change: it takes it a second time without harm. */
const uncertain = new Set<ChannelErrorCode>(['timeout', 'lost', 'closed']);

/** What keeps a change from a single sign-on server, in the words of a password target; other errors pass unchanged. */
export function passwordFailureOf(error: unknown, connectTo: string): unknown {
  const about = `ENTSSO/${connectTo}`;
  if (error instanceof KerberosError)
    return new PasswordFailure('ma-credentials-failure', `${about}: ${error.message}`, {
      fix: error.fix,
      cause: error,
    });
  if (error instanceof AppError)
    return new PasswordFailure('ma-not-configured', error.message, {
      ...(error.fix === undefined ? {} : { fix: error.fix }),
      cause: error,
    });
  if (!(error instanceof ChannelError)) return error;
  const { code, message, fix } = error;
  return new PasswordFailure(words[code] ?? 'server-down', `${about}: ${message}`, {
    certainty: uncertain.has(code) ? 'unknown' : 'not-applied',
    // What the server refused by its settings comes with its own fix.
    ...(code === 'not-allowed' ? {} : { fix }),
    cause: error,
  });
}
