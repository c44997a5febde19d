import {
  credentialsFix,
  policyFix,
  type Reason,
  retriedFix,
  rightsFix,
  wrongOldPassword,
} from './failure-reason.ts';

const notSignedIn: Reason = [
  'ma-credentials-failure',
  'The agent is not signed in any more',
  'Nothing is to be done: the delivery is tried again over a new connection.',
];
const notAllowed: Reason = ['access-denied', 'The agent may not do this', rightsFix];
const busy: Reason = ['server-busy', 'The domain controller is busy', retriedFix];

/** Win32 codes that Active Directory puts in front of its words (MS-ERREF 2.2, MS-ADTS 3.1.1.3.1.9). */
export const win32Reasons: ReadonlyMap<number, Reason> = new Map([
  [0x0005, notAllowed],
  [
    0x001f,
    [
      'ma-encryption-not-enabled',
      'The domain controller takes passwords over an encrypted connection only',
      'Use ldaps://, or GSSAPI inside TLS.',
    ],
  ],
  [0x0056, wrongOldPassword],
  [0x0057, ['new-password-ill-formed', 'The domain controller cannot read the password', policyFix]],
  [0x04dc, notSignedIn],
  [0x052d, ['new-password-violate-policy', "The password breaks the domain's password policy", policyFix]],
  [
    0x0775,
    ['object-locked', 'The account is locked', 'Switch on "Unlock locked accounts", or unlock the account.'],
  ],
  [0x200e, busy],
  [
    0x200f,
    ['server-down', 'The domain controller is not available', 'Check that it has started completely.'],
  ],
  [0x2020, notSignedIn],
  [
    0x202b,
    [
      'server-down',
      'The object lies in another domain',
      'Point the agent to a domain controller of the domain that holds the partition.',
    ],
  ],
  [
    0x202d,
    ['ma-encryption-not-enabled', 'The domain controller demands a protected connection', 'Use ldaps://.'],
  ],
  [
    0x2030,
    [
      'object-not-found',
      'The object does not exist',
      'Run a delta import, so that the connector space follows.',
    ],
  ],
  [0x2035, ['new-password-ill-formed', 'The domain controller is not willing to take this value', policyFix]],
  [
    0x208d,
    [
      'object-not-found',
      'The object does not exist',
      'Run a delta import, so that the connector space follows.',
    ],
  ],
  [0x2098, notAllowed],
] as const satisfies readonly (readonly [number, Reason])[]);

/** Reasons of the agent's own refused bind in Active Directory, `data xxx` (MS-ADTS 5.1.1.1.1). */
export const bindReasons: ReadonlyMap<string, Reason> = new Map([
  ['525', ['ma-credentials-failure', "The agent's account does not exist", "Correct the agent's user name."]],
  ['52e', ['ma-credentials-failure', "The agent's user name or password is wrong", credentialsFix]],
  [
    '52f',
    ['ma-credentials-failure', "The agent's account is restricted", "Lift the account's restrictions."],
  ],
  [
    '530',
    [
      'ma-credentials-failure',
      "The agent's account may not sign in at this time",
      "Lift the account's logon hours.",
    ],
  ],
  [
    '531',
    [
      'ma-credentials-failure',
      "The agent's account may not sign in from this computer",
      "Lift the account's workstation restriction.",
    ],
  ],
  [
    '532',
    [
      'ma-credentials-failure',
      "The password of the agent's account has expired",
      'Set a new password that does not expire, and enter it: carillon agents set-password.',
    ],
  ],
  ['533', ['ma-credentials-failure', "The agent's account is disabled", 'Enable the account.']],
  [
    '568',
    ['server-busy', "The agent's account is a member of too many groups", 'Take it out of some groups.'],
  ],
  ['701', ['ma-credentials-failure', "The agent's account has expired", "Extend the account's life."]],
  [
    '773',
    [
      'ma-credentials-failure',
      "The agent's account must change its password first",
      'Clear "User must change password at next logon" of the account.',
    ],
  ],
  [
    '775',
    [
      'ma-credentials-failure',
      "The agent's account is locked",
      'Unlock the account and find out who tries its password.',
    ],
  ],
  [
    '80090346',
    [
      'ma-credentials-failure',
      'The domain controller demands channel binding, which this sign-in does not have',
      'Use simple authentication over ldaps://, or set LdapEnforceChannelBinding to 1 on the domain controllers.',
    ],
  ],
] as const satisfies readonly (readonly [string, Reason])[]);
