import type { PasswordFailureWord } from '#shared/model/password-failure.ts';

import { passwordPolicyError } from './controls/password-policy.ts';
import { KerberosError } from './kerberos-error.ts';
import { LdapError } from './ldap-error.ts';
import { LinkError } from './link-error.ts';

/** A directory's failure in an administrator's words, beside the directory's own. */
export interface Explanation {
  readonly word: PasswordFailureWord;
  /** What happened, one sentence without its period. */
  readonly cause: string;
  /** What to do about it. */
  readonly fix: string;
  /** The server's own words. */
  readonly serverText?: string;
  /** Whether the request may still be carried out. */
  readonly uncertain: boolean;
}

type Reason = readonly [word: PasswordFailureWord, cause: string, fix: string];

/** Whose doing failed: the agent's own sign-in, or what it then asked for. */
export type Stage = 'sign-in' | 'request';

const policyFix =
  'Compare the password rules of source and target; the person has to choose another password.';
const rightsFix =
  "Grant the agent's account the right to reset passwords in the containers of its partition.";

/** Win32 codes that Active Directory puts in front of its words. */
const win32: Readonly<Record<number, Reason>> = {
  5: ['access-denied', 'The agent may not do this', rightsFix],
  86: [
    'bad-password',
    'The old password is wrong',
    'Nothing is to be done: the person gave another old password.',
  ],
  1325: ['new-password-violate-policy', "The password breaks the domain's password policy", policyFix],
  8240: [
    'object-not-found',
    'The object does not exist',
    'Run a delta import, so that the connector space follows.',
  ],
  8245: ['new-password-violate-policy', 'The directory is not willing to take this password', policyFix],
  8344: ['access-denied', 'The agent may not do this', rightsFix],
};

/** Reasons of a refused bind in Active Directory, `data xxx`. */
const bindReasons: Readonly<Record<string, Reason>> = {
  '525': ['ma-credentials-failure', 'The account does not exist', 'Correct the account of the agent.'],
  '52e': [
    'ma-credentials-failure',
    'The account or its password is wrong',
    'Set the password of the agent anew: carillon agents set-password.',
  ],
  '530': [
    'ma-credentials-failure',
    'The account may not sign in at this time',
    'Change the logon hours of the account.',
  ],
  '531': [
    'ma-credentials-failure',
    'The account may not sign in from this computer',
    'Change the workstations of the account.',
  ],
  '532': [
    'ma-credentials-failure',
    "The account's password has expired",
    'Set the password of the account and let it not expire.',
  ],
  '533': ['ma-credentials-failure', 'The account is disabled', 'Enable the account.'],
  '568': [
    'server-busy',
    'The account is a member of too many groups',
    'Take the account out of some groups.',
  ],
  '701': ['ma-credentials-failure', 'The account has expired', 'Change when the account expires.'],
  '773': [
    'ma-credentials-failure',
    'The account must change its password first',
    'Set the password of the account without that demand.',
  ],
  '775': [
    'ma-credentials-failure',
    'The account is locked',
    'Unlock the account and find out who tries its password.',
  ],
};

const policyWords: Readonly<Record<NonNullable<ReturnType<typeof passwordPolicyError>>, Reason>> = {
  'password-expired': [
    'ma-credentials-failure',
    'The password has expired',
    'Set the password of the account.',
  ],
  'account-locked': ['object-locked', 'The account is locked', 'Unlock the account.'],
  'change-after-reset': [
    'ma-credentials-failure',
    'The account must change its password first',
    'Set the password of the account without that demand.',
  ],
  'password-mod-not-allowed': [
    'access-denied',
    'The policy allows no change of this password',
    'Change pwdAllowUserChange or use an account with more rights.',
  ],
  'must-supply-old-password': [
    'access-denied',
    'The policy demands the old password',
    'Switch pwdSafeModify off for the agent, or use an account with more rights.',
  ],
  'insufficient-password-quality': [
    'new-password-violate-policy',
    'The password is too simple for the target',
    policyFix,
  ],
  'password-too-short': [
    'new-password-violate-policy',
    'The password is too short for the target',
    policyFix,
  ],
  'password-too-young': ['new-password-violate-policy', "The target's minimum age has not passed", policyFix],
  'password-in-history': [
    'new-password-violate-policy',
    'The password was used before on the target',
    policyFix,
  ],
  'password-too-long': ['new-password-violate-policy', 'The password is too long for the target', policyFix],
};

/** What result codes mean for a password operation (RFC 4511 A). */
const codes: Readonly<Record<number, Reason>> = {
  1: ['extension-error', 'The directory could not carry the operation out', 'See its own words and its log.'],
  2: [
    'ma-feature-not-supported',
    'The directory does not know this operation',
    "Choose the profile that fits the directory's product.",
  ],
  3: ['timeout', 'The directory ran out of time', 'Look at the load of the directory.'],
  7: [
    'ma-credentials-failure',
    'The directory does not offer this way to sign in',
    'Choose another authentication method.',
  ],
  8: [
    'ma-credentials-failure',
    'The directory demands a signed or sealed connection',
    'Use ldaps://. Samba takes GSSAPI inside TLS with "ldap server require strong auth = allow_sasl_over_tls".',
  ],
  10: [
    'server-down',
    'The object lies on another server',
    'Point the agent to the server that holds the partition.',
  ],
  11: [
    'server-busy',
    'A limit of the directory was reached',
    'Raise the limits of the account in the directory.',
  ],
  12: [
    'ma-feature-not-supported',
    'The directory lacks a control that is needed',
    "Choose the profile that fits the directory's product.",
  ],
  13: ['ma-encryption-not-enabled', 'The directory demands a protected connection', 'Use ldaps://.'],
  16: [
    'ma-object-type-not-supported',
    'The object has no such attribute',
    'Check the object type of the connector.',
  ],
  17: [
    'ma-object-type-not-supported',
    'The directory does not know the attribute',
    "Choose the profile that fits the directory's product.",
  ],
  19: ['new-password-violate-policy', 'The password breaks a rule of the directory', policyFix],
  21: ['new-password-ill-formed', 'The directory cannot take these characters', policyFix],
  32: [
    'object-not-found',
    'The object does not exist',
    'Run a delta import, so that the connector space follows.',
  ],
  34: ['object-not-found', 'The distinguished name is not valid there', 'Run a full import.'],
  48: [
    'ma-credentials-failure',
    'The account has no password to sign in with',
    'Correct the account of the agent.',
  ],
  49: ['bad-password', 'The password is wrong', 'Correct the password.'],
  50: ['access-denied', 'The agent may not do this', rightsFix],
  51: ['server-busy', 'The directory is busy', 'Nothing is to be done: the delivery is tried again.'],
  52: ['server-down', 'The directory is not available', 'Check that the directory runs.'],
  53: ['new-password-violate-policy', 'The directory is not willing to take this', policyFix],
  65: [
    'ma-object-type-not-supported',
    'The object cannot hold a password',
    'Check the object type of the connector.',
  ],
  80: ['extension-error', 'The directory reported an error of its own', 'See its own words and its log.'],
};

const links: Readonly<Record<LinkError['kind'], Reason>> = {
  unreachable: [
    'server-down',
    'The directory cannot be reached',
    'Check that the directory runs, its address, and the firewall.',
  ],
  tls: [
    'ma-encryption-not-enabled',
    'The protected connection could not be made',
    "Check the directory's certificate: its name, its dates, and its authority in caFile.",
  ],
  timeout: [
    'timeout',
    'The directory did not answer in time',
    'Look at the load of the directory and the network.',
  ],
  closed: ['server-down', 'The connection was lost', 'Check that the directory runs.'],
  protocol: ['server-down', 'What answers is no LDAP server', 'Check host and port of the agent.'],
  aborted: ['timeout', 'The operation was given up', 'Nothing is to be done: the delivery is tried again.'],
  insecure: [
    'ma-encryption-not-enabled',
    'The connection is not protected, so nothing was sent',
    'Use ldaps://, or switch "Require secure connection" off for a target where clear text is acceptable.',
  ],
};

/** Puts any failure of a directory operation into words. Nothing of it holds a secret. */
export function explainFailure(error: unknown, stage: Stage): Explanation {
  if (error instanceof LdapError) return explainLdap(error, stage);
  if (error instanceof LinkError) {
    const [word, cause, fix] = links[error.kind];
    return { word, cause, fix, serverText: error.message, uncertain: error.sent && stage === 'request' };
  }
  if (error instanceof KerberosError) {
    const word = error.code === 'clock-skew' ? 'time-difference-at-dc' : 'ma-credentials-failure';
    return {
      word,
      cause: 'The agent could not sign in with Kerberos',
      fix: error.fix,
      serverText: error.message,
      uncertain: false,
    };
  }
  const serverText = error instanceof Error ? error.message : String(error);
  return {
    word: 'extension-error',
    cause: 'The operation failed',
    fix: 'See the log.',
    serverText,
    uncertain: false,
  };
}

function explainLdap(error: LdapError, stage: Stage): Explanation {
  const [word, cause, fix] = reasonOf(error, stage);
  return { word, cause, fix, serverText: error.message, uncertain: false };
}

function reasonOf(error: LdapError, stage: Stage): Reason {
  const { code, bindReason, result } = error;
  const policy = passwordPolicyError(result.controls);
  if (stage === 'sign-in') {
    if (policy !== undefined && policyWords[policy][0] === 'ma-credentials-failure')
      return policyWords[policy];
    if (code === 49 && bindReason !== undefined && bindReasons[bindReason] !== undefined)
      return bindReasons[bindReason];
    if (code === 49)
      return [
        'ma-credentials-failure',
        'The account or its password is wrong',
        'Set the password of the agent anew: carillon agents set-password.',
      ];
  }
  if (policy !== undefined) return policyWords[policy];
  // Samba and Active Directory say 53 or 19 for many things; their own number tells which.
  const own = error.win32 === undefined ? undefined : win32[error.win32];
  if (own !== undefined && stage === 'request') return own;
  if (code === 19 && /old password|unwilling to verify/i.test(result.diagnostic))
    return [
      'bad-password',
      'The old password is wrong',
      'Nothing is to be done: the person gave another old password.',
    ];
  if (code === 53 && /verify old password/i.test(result.diagnostic))
    return [
      'bad-password',
      'The old password is wrong',
      'Nothing is to be done: the person gave another old password.',
    ];
  // Concurrent writes to one entry's history (measured on OpenLDAP).
  if (code === 16 && /pwdHistory/i.test(result.diagnostic))
    return [
      'server-busy',
      'Another change of the same object was under way',
      'Nothing is to be done: the delivery is tried again.',
    ];
  return (
    codes[code] ?? [
      'extension-error',
      `The directory answered with code ${code}`,
      'See its own words and its log.',
    ]
  );
}
