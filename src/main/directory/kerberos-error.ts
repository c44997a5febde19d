import { messageOf } from '#shared/model/message-of.ts';

/** What went wrong with Kerberos, as far as an administrator can act on it. */
export type KerberosErrorCode =
  | 'spn-missing'
  | 'spn-duplicate'
  | 'clock-skew'
  | 'no-ticket'
  | 'no-keytab'
  | 'wrong-realm'
  | 'wrong-key'
  | 'not-mutual'
  | 'replay'
  | 'expired'
  | 'no-kdc'
  | 'not-installed'
  | 'other';

const fixes: Readonly<Record<KerberosErrorCode, string>> = {
  'spn-missing':
    'Register the service principal name on the one account that runs the service: setspn -S <name> <account>. The same refusal comes when two accounts carry the name.',
  'spn-duplicate':
    'Remove the service principal name from every account but the one that runs the service: setspn -D <name> <account>.',
  'clock-skew': 'Set the clocks: they may differ by 5 minutes at most.',
  'no-ticket': 'Check the client keytab and that its account may sign in.',
  'no-keytab': 'Export a keytab that holds the service principal name and name it in the configuration.',
  'wrong-realm': 'Check the realm: account and service must lie in realms that trust each other.',
  'wrong-key': 'Export the keytab anew: the password of its account has changed since.',
  'not-mutual': 'Use a caller that asks for mutual authentication.',
  replay: 'Find out who sent the same ticket twice; a single one may be a broken network.',
  expired: 'Get a new ticket; check the clocks if it happens again.',
  'no-kdc': 'Check that a domain controller can be reached on port 88, and its name in krb5.conf.',
  'not-installed':
    'Install the Kerberos headers (libkrb5-dev) and a compiler, then run npm ci again. Until then there is no channel to domain controllers and no GSSAPI sign-in.',
  other: 'See the words of the Kerberos library.',
};

/** Texts of MIT Kerberos; the first that fits counts, so the narrower ones stand first. */
const patterns: readonly (readonly [RegExp, KerberosErrorCode])[] = [
  [/multiple entries in Kerberos database|not unique/i, 'spn-duplicate'],
  [/\bClient '.*not found in Kerberos database|client not found/i, 'no-ticket'],
  [/not found in Kerberos database|principal unknown/i, 'spn-missing'],
  [/clock skew/i, 'clock-skew'],
  [/is a replay|duplicate token/i, 'replay'],
  [/expired/i, 'expired'],
  [/cannot find KDC for realm|illegal cross-realm|realm .*not local/i, 'wrong-realm'],
  [/cannot contact any KDC|cannot resolve/i, 'no-kdc'],
  // A key of another version or kind; "not found in keytab" alone means no key at all.
  [/kvno \d+ .*found in keytab|likely out of date|Decrypt integrity|key version/i, 'wrong-key'],
  [/not found in keytab|Key table|keytab/i, 'no-keytab'],
  [
    /No Kerberos credentials|credentials cache|No credentials|desired name|Preauthentication failed/i,
    'no-ticket',
  ],
  [/realm/i, 'wrong-realm'],
];

/** A failure of Kerberos with its cause and fix in words. */
export class KerberosError extends Error {
  override readonly name = 'KerberosError';
  readonly code: KerberosErrorCode;

  constructor(code: KerberosErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }

  get fix(): string {
    return fixes[this.code];
  }

  /** Names what the library said; `subject` is the name or file that it was about. */
  static from(error: unknown, subject: string): KerberosError {
    if (error instanceof KerberosError) return error;
    const words = messageOf(error);
    // The first half is the same for every failure.
    const own = words.replace(
      /^Unspecified GSS failure\.\s*Minor code may provide more information:?\s*/i,
      '',
    );
    const code = patterns.find(([pattern]) => pattern.test(own))?.[1] ?? 'other';
    return new KerberosError(code, `Kerberos, ${subject}: ${own}`, error);
  }
}
