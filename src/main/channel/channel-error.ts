/** What can go wrong between a sender and a receiver; travels as a word in frames. */
export type ChannelErrorCode =
  | 'spn-missing'
  | 'spn-duplicate'
  | 'spn-form'
  | 'clock-skew'
  | 'no-ticket'
  | 'no-keytab'
  | 'wrong-realm'
  | 'wrong-key'
  | 'expired'
  | 'no-kdc'
  | 'not-mutual'
  | 'replay'
  | 'not-installed'
  | 'kerberos'
  | 'certificate-not-trusted'
  | 'pin-mismatch'
  | 'not-a-domain-controller'
  | 'not-service-account'
  | 'not-allowed'
  | 'not-proven'
  | 'wrong-service'
  | 'relayed'
  | 'misconfigured'
  | 'unreachable'
  | 'timeout'
  | 'lost'
  | 'closed'
  | 'busy'
  | 'refused'
  | 'invalid'
  | 'protocol'
  | 'version';

/**
 * How far a failure reaches. `change`: this change alone, for good. `delivery`: this try of it.
 * `target`: nothing gets through to this receiver.
 */
export type FailureReach = 'change' | 'delivery' | 'target';

interface Definition {
  /** Number in the event log: PCNS' own at the sender, Identity Manager's 6914 at the receiver. */
  readonly event: number;
  readonly reach: FailureReach;
  readonly fix: string;
}

/** 4003: no answer. 6025: the target cannot be reached or authenticated. 6027: its settings are of no use. */
const definitions: Readonly<Record<ChannelErrorCode, Definition>> = {
  'spn-missing': {
    event: 6025,
    reach: 'target',
    fix: 'Register the service principal name on the one account that runs the service. A name on two accounts gets the same answer.',
  },
  'spn-duplicate': {
    event: 6025,
    reach: 'target',
    fix: 'Remove the service principal name from every account but the one that runs the service.',
  },
  'spn-form': {
    event: 6025,
    reach: 'target',
    fix: 'Register the service principal name with the full host name, and use that form on both sides.',
  },
  'clock-skew': {
    event: 6025,
    reach: 'target',
    fix: 'Set the clocks of both servers from the domain: they may differ by 5 minutes at most.',
  },
  'no-ticket': {
    event: 6025,
    reach: 'target',
    fix: 'Check that the client keytab is there and current, and that its account may sign in.',
  },
  'no-keytab': {
    event: 6025,
    reach: 'target',
    fix: 'Export a keytab that holds the service principal name, and name it in the channel settings of the receiver.',
  },
  'wrong-realm': {
    event: 6025,
    reach: 'target',
    fix: 'Check [domain_realm] in krb5.conf, and the realm of the keytab: sender and receiver must lie in one realm, or in realms that trust each other.',
  },
  'wrong-key': {
    event: 6025,
    reach: 'target',
    fix: 'Export the keytab anew: the password of its account, or its encryption types, have changed since.',
  },
  expired: { event: 6025, reach: 'target', fix: 'Get new tickets; check the clocks if it happens again.' },
  'no-kdc': {
    event: 6025,
    reach: 'target',
    fix: 'Check that a domain controller answers on port 88, and the realm in krb5.conf.',
  },
  'not-mutual': {
    event: 6025,
    reach: 'target',
    fix: 'Check who answers at the address of the target: it holds the right key for TLS, but not the key of the service account.',
  },
  replay: {
    event: 6025,
    reach: 'target',
    fix: 'Find out who sent the same ticket twice. A single one may be a retransmission.',
  },
  'not-installed': {
    event: 6027,
    reach: 'target',
    fix: 'Install the Kerberos headers (libkrb5-dev) and a compiler, and install the packages again.',
  },
  kerberos: { event: 6025, reach: 'target', fix: 'See the words of the Kerberos library.' },
  'certificate-not-trusted': {
    event: 6025,
    reach: 'target',
    fix: 'Name the authority that issued the certificate, and the name that it carries; or pin its fingerprint.',
  },
  'pin-mismatch': {
    event: 6025,
    reach: 'target',
    fix: "Compare with the fingerprint that the receiver prints. Where its key was replaced on purpose, put the new fingerprint into the target's settings; otherwise somebody stands in between.",
  },
  'not-a-domain-controller': {
    event: 6914,
    reach: 'target',
    fix: "Run the sender under the domain controller's own computer account. The account must lie in the Domain Controllers container of the receiver's domain.",
  },
  'not-service-account': {
    event: 11060,
    reach: 'target',
    fix: 'Sign the agent in as the account that the SSO server runs as: Connection Settings > User at the agent, Servers > Properties > SSO Service at the server.',
  },
  'not-allowed': { event: 4003, reach: 'delivery', fix: 'See the event log of the receiver.' },
  'not-proven': {
    event: 6025,
    reach: 'target',
    fix: 'Check that the receiver can reach the directory: it looks there whether its caller is a domain controller.',
  },
  'wrong-service': {
    event: 6025,
    reach: 'target',
    fix: "Use the receiver's own service principal name in the target's settings, and give every service an account of its own.",
  },
  relayed: {
    event: 6025,
    reach: 'target',
    fix: 'Take the device that opens TLS between sender and receiver out of their path.',
  },
  misconfigured: { event: 6027, reach: 'target', fix: 'Correct the settings of the target.' },
  unreachable: {
    event: 6025,
    reach: 'target',
    fix: 'Check that the receiver runs, its address and port, and the firewalls in between.',
  },
  timeout: {
    event: 4003,
    reach: 'target',
    fix: 'Check the load of the receiver and the network in between.',
  },
  lost: { event: 4003, reach: 'target', fix: 'Check whether the receiver was restarted.' },
  closed: { event: 4003, reach: 'target', fix: 'Open the connection again.' },
  busy: { event: 4003, reach: 'delivery', fix: 'None: it is sent again later.' },
  refused: { event: 4003, reach: 'delivery', fix: 'See the event log of the receiver.' },
  invalid: { event: 4003, reach: 'change', fix: 'Change the password again with one that fits.' },
  protocol: {
    event: 6025,
    reach: 'target',
    fix: 'Check that a receiver of this product answers at that address and port.',
  },
  version: { event: 6025, reach: 'target', fix: 'Install the same version on both sides.' },
};

export interface ChannelErrorDetail {
  readonly cause?: unknown;
  /** A more exact remedy than the code's own. */
  readonly fix?: string;
  readonly reach?: FailureReach;
  /** Whether the other side said it, rather than this one found it. */
  readonly isRemote?: boolean;
  /** The key that the other end showed, where it is not the trusted one. */
  readonly fingerprint?: string;
}

/** A failure of the channel, with its number and its fix; never holds a secret. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly code: ChannelErrorCode;
  readonly event: number;
  readonly reach: FailureReach;
  readonly fix: string;
  readonly isRemote: boolean;
  readonly fingerprint: string | undefined;

  constructor(code: ChannelErrorCode, message: string, detail: ChannelErrorDetail = {}) {
    super(message, { cause: detail.cause });
    const definition = definitions[code];
    this.code = code;
    this.event = definition.event;
    this.reach = detail.reach ?? definition.reach;
    this.fix = detail.fix ?? definition.fix;
    this.isRemote = detail.isRemote ?? false;
    this.fingerprint = detail.fingerprint;
  }

  /** Whether the caller was found to be nobody who may speak here, rather than not looked up. */
  get isVerdict(): boolean {
    return this.code === 'not-a-domain-controller' || this.code === 'not-service-account';
  }

  /** A failure that the other side named; words that are not known here count as `refused`. */
  static fromRemote(code: string, message: string, reach?: FailureReach): ChannelError {
    const known = Object.hasOwn(definitions, code) ? (code as ChannelErrorCode) : 'refused';
    return new ChannelError(known, message, { isRemote: true, ...(reach !== undefined && { reach }) });
  }
}
