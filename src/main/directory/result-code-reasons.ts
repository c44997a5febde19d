import { ownWordsFix, policyFix, type Reason, retriedFix, rightsFix } from './failure-reason.ts';

const profileFix = "Choose the profile that fits the directory's product.";
const connectorFix = 'Check the object type of the connector.';
const limitFix = 'Raise the limits of the account in the directory.';
const gone: Reason = [
  'object-not-found',
  'The object does not exist',
  'Run a delta import, so that the connector space follows.',
];
/** OpenLDAP says no more than this to a set that finds its database full. */
const internal: Reason = [
  'extension-error',
  'The directory reported an error of its own, such as a full disk or database',
  "Read the directory's log, and make room where it is full; the delivery is tried again.",
];

/** What result codes mean for a password operation (RFC 4511 A). */
export const resultCodeReasons: ReadonlyMap<number, Reason> = new Map([
  [1, ['extension-error', 'The directory could not carry the operation out', ownWordsFix]],
  [2, ['ma-feature-not-supported', 'The directory does not know this operation', profileFix]],
  [3, ['timeout', 'The directory ran out of time', 'Look at the load of the directory.']],
  [4, ['server-busy', "The directory's size limit was reached", limitFix]],
  [
    7,
    [
      'ma-credentials-failure',
      'The directory does not offer this way to sign in',
      'Choose another authentication method.',
    ],
  ],
  [
    8,
    [
      'ma-credentials-failure',
      'The directory demands a signed or sealed connection',
      'Use ldaps://. Samba takes GSSAPI inside TLS only with "ldap server require strong auth = allow_sasl_over_tls" in smb.conf.',
    ],
  ],
  [
    10,
    [
      'server-down',
      'The object lies on another server',
      'Point the agent to the server that holds the partition.',
    ],
  ],
  [11, ['server-busy', 'A limit of the directory was reached', limitFix]],
  [12, ['ma-feature-not-supported', 'The directory lacks a control that is needed', profileFix]],
  [13, ['ma-encryption-not-enabled', 'The directory demands a protected connection', 'Use ldaps://.']],
  [16, ['ma-object-type-not-supported', 'The object has no such attribute', connectorFix]],
  [17, ['ma-object-type-not-supported', 'The directory does not know the attribute', profileFix]],
  [18, ['ma-feature-not-supported', 'The directory cannot compare by this rule', profileFix]],
  [19, ['new-password-violate-policy', 'The password breaks a rule of the directory', policyFix]],
  [20, ['new-password-violate-policy', 'The object has this password already', policyFix]],
  [21, ['new-password-ill-formed', 'The directory cannot take these characters', policyFix]],
  [32, gone],
  [34, ['object-not-found', 'The distinguished name is not valid there', 'Run a full import.']],
  [
    48,
    [
      'ma-credentials-failure',
      'The directory does not let this account sign in this way',
      "Correct the agent's account, or choose another authentication method.",
    ],
  ],
  [49, ['bad-password', 'The password is wrong', 'Correct the password.']],
  [50, ['access-denied', 'The agent may not do this', rightsFix]],
  [51, ['server-busy', 'The directory is busy', retriedFix]],
  [52, ['server-down', 'The directory is not available', 'Check that the directory runs.']],
  [53, ['extension-error', 'The directory is not willing to do this', ownWordsFix]],
  [54, ['server-down', 'The directory refers to itself in a circle', "Check the directory's referrals."]],
  [65, ['ma-object-type-not-supported', 'The object cannot hold a password', connectorFix]],
  [69, ['ma-object-type-not-supported', 'The object cannot hold a password', connectorFix]],
  [
    71,
    [
      'server-down',
      'The object lies on several servers',
      'Point the agent to the server that holds the partition.',
    ],
  ],
  [80, internal],
  // assertionFailed (RFC 4528), cancelled (RFC 3909).
  [122, gone],
  [118, ['timeout', 'The directory cancelled the operation', retriedFix]],
] as const satisfies readonly (readonly [number, Reason])[]);
