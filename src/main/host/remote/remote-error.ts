import { ChannelError, type ChannelErrorCode } from '#channel/channel-error.ts';
import { fromKerberos } from '#channel/kerberos-port.ts';
import { AppError, type AppErrorCode } from '#shared/model/app-error.ts';

/** Why somebody on another computer is not let in, or does not get through. */
export type RemoteReason =
  | Exclude<ChannelErrorCode, 'not-a-domain-controller' | 'not-service-account' | 'not-allowed' | 'invalid'>
  | 'no-role';

interface Definition {
  readonly event: number;
  readonly code: AppErrorCode;
  readonly fix: string;
}

const server = 'On the server: export the keytab of its service principal name anew, and name it in "remote"';
const spn = 'Register the name on the one account of the server, and use it in this form on both sides';
const definitions: Readonly<Record<RemoteReason, Definition>> = {
  'no-ticket': {
    event: 7041,
    code: 'forbidden',
    fix: 'Sign in to the domain, or get a ticket: kinit <name>.',
  },
  expired: { event: 7041, code: 'forbidden', fix: 'Get a new ticket: kinit <name>.' },
  'no-keytab': { event: 7041, code: 'unavailable', fix: `${server} of its configuration.` },
  'wrong-key': { event: 7041, code: 'unavailable', fix: `${server}; then get a new ticket.` },
  'not-mutual': {
    event: 7041,
    code: 'forbidden',
    fix: 'Find out who answers at that address: it has the right key for TLS, but not that of the service account.',
  },
  replay: {
    event: 7041,
    code: 'forbidden',
    fix: 'Find out who sent the same ticket twice; a single one may be a broken network.',
  },
  'no-kdc': {
    event: 7041,
    code: 'unavailable',
    fix: 'Check that a domain controller answers on port 88, and its name in krb5.conf.',
  },
  'not-installed': {
    event: 7041,
    code: 'unavailable',
    fix: 'Install the Kerberos headers (libkrb5-dev) and a compiler, and install the packages again.',
  },
  kerberos: { event: 7041, code: 'unavailable', fix: 'See the words of the Kerberos library.' },
  'wrong-realm': {
    event: 7042,
    code: 'forbidden',
    fix: 'Use an account of a domain that an Active Directory agent of the server is connected to; check [domain_realm] in krb5.conf.',
  },
  'clock-skew': {
    event: 7043,
    code: 'unavailable',
    fix: 'Set both clocks from the domain: they may differ by 5 minutes at most.',
  },
  'certificate-not-trusted': {
    event: 7044,
    code: 'forbidden',
    fix: 'Compare the fingerprint with the one that "carillon status" prints on the server, and trust it once.',
  },
  'pin-mismatch': {
    event: 7044,
    code: 'forbidden',
    fix: 'Somebody may stand in between. Only where the key of the server was replaced on purpose: compare the fingerprint on the server, and trust it anew.',
  },
  'spn-missing': { event: 7045, code: 'unavailable', fix: `${spn}: setspn -S <name> <account>.` },
  'spn-duplicate': {
    event: 7045,
    code: 'unavailable',
    fix: 'Remove the name from every account but the one of the server: setspn -D <name> <account>.',
  },
  'spn-form': { event: 7045, code: 'unavailable', fix: `${spn}.` },
  'wrong-service': {
    event: 7045,
    code: 'forbidden',
    fix: 'Connect by the full host name that stands in the service principal name of the server.',
  },
  'no-role': {
    event: 7046,
    code: 'forbidden',
    fix: 'Have the account put into a group that "remote" of the server names, or among the users of an affiliate application.',
  },
  relayed: {
    event: 7048,
    code: 'forbidden',
    fix: 'Take the device that opens TLS between the two computers out of their path.',
  },
  protocol: {
    event: 7048,
    code: 'unavailable',
    fix: 'Check that remote access of this product answers at that address and port.',
  },
  version: { event: 7048, code: 'unavailable', fix: 'Install the same version on both sides.' },
  refused: { event: 7048, code: 'forbidden', fix: 'See the event log of the server.' },
  unreachable: {
    event: 7049,
    code: 'unavailable',
    fix: 'Check that the service runs with "remote" in its configuration, its address and port, and the firewalls in between.',
  },
  timeout: { event: 7049, code: 'unavailable', fix: 'Check the load of the server and the network.' },
  lost: { event: 7049, code: 'unavailable', fix: 'Check whether the server was restarted.' },
  closed: { event: 7049, code: 'unavailable', fix: 'Connect again.' },
  busy: { event: 7049, code: 'unavailable', fix: 'Try again later, or close consoles that nobody needs.' },
  'not-proven': {
    event: 7049,
    code: 'unavailable',
    fix: 'Check that the server reaches its domain controller: it looks there who its caller is.',
  },
  misconfigured: { event: 7049, code: 'invalid_input', fix: 'Correct the address or the fingerprint.' },
};

export interface RemoteErrorDetail {
  readonly cause?: unknown;
  readonly fix?: string | undefined;
  /** The key that the other end showed, where it is not trusted. */
  readonly fingerprint?: string | undefined;
}

/** A refusal of remote access, with its number and its fix; the catalogue of events has the same numbers. */
export class RemoteError extends AppError {
  readonly reason: RemoteReason;
  readonly event: number;
  /** The message without its number. */
  readonly words: string;
  readonly fingerprint: string | undefined;

  constructor(reason: RemoteReason, message: string, { cause, fix, fingerprint }: RemoteErrorDetail = {}) {
    const definition = definitions[reason];
    super(definition.code, `${message} (event ${definition.event})`, { cause, fix: fix ?? definition.fix });
    this.reason = reason;
    this.words = message;
    this.event = definition.event;
    this.fingerprint = fingerprint;
  }

  /** The same failure in the words of remote access; what is none of its own stays as it is. */
  static from(error: unknown, more: RemoteErrorDetail = {}): unknown {
    const named = fromKerberos(error);
    if (!(named instanceof ChannelError)) return error;
    const reason = isRemoteReason(named.code) ? named.code : 'refused';
    const { message, fingerprint } = named;
    return new RemoteError(reason, message, { cause: error, fingerprint, ...more });
  }
}

export function isRemoteReason(word: string): word is RemoteReason {
  return Object.hasOwn(definitions, word);
}
