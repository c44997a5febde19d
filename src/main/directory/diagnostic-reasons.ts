import {
  accountLocked,
  policyFix,
  type Reason,
  retriedFix,
  rightsFix,
  usedBefore,
  wrongOldPassword,
} from './failure-reason.ts';

const readOnly: Reason = [
  'server-busy',
  'The directory takes no writes now',
  'Point the agent to a server that takes writes, or wait until it does again.',
];

/**
 * What products say in words where their result code says too little: OpenLDAP, 389 and Sun, IBM, eDirectory
 * (whose codes are negative numbers). The first that fits counts.
 */
export const diagnosticReasons: readonly (readonly [pattern: RegExp, reason: Reason])[] = [
  // Two writes to one entry's history at the same time (OpenLDAP).
  [
    /pwdHistory: no such value/i,
    ['server-busy', 'Another change of the same object was under way', retriedFix],
  ],
  [/old ?passw(?:or)?d|-1698\b/i, wrongOldPassword],
  [
    /in history|not being changed from|already used|reused|used before|duplicate password|-215\b/i,
    usedBefore,
  ],
  [
    /too short|at least \d+ characters|-216\b/i,
    ['new-password-violate-policy', 'The password is too short for the target', policyFix],
  ],
  [
    /too young|within minimum age/i,
    ['new-password-violate-policy', "The target's minimum age has not passed", policyFix],
  ],
  [
    /password syntax|quality checking|complexity|password policy|-160\d\d\b/i,
    ['new-password-violate-policy', 'The password is too simple for the target', policyFix],
  ],
  [/retry limit|inactivated|account (?:is )?(?:locked|disabled)|intruder|-197\b|-220\b/i, accountLocked],
  [/read-?only|operation restricted|shadow context/i, readOnly],
  [
    /MDB_MAP_FULL|no space left|disk full/i,
    [
      'server-busy',
      "The directory's disk or database is full",
      'Make room on the server; the delivery is tried again.',
    ],
  ],
  // OpenLDAP tells only its own log that the map is full.
  [
    /\b(?:entry|index|attribute) (?:update|store|add|delete) fail/i,
    [
      'server-busy',
      'The directory could not write its database, most often because that is full',
      "Read the server's log, and make room there; the delivery is tried again.",
    ],
  ],
  [
    /secure connection|confidentiality|require[sd]? (?:tls|ssl)/i,
    ['ma-encryption-not-enabled', 'The directory demands a protected connection', 'Use ldaps://.'],
  ],
  [/-672\b|no access/i, ['access-denied', 'The agent may not do this', rightsFix]],
  [
    /-601\b|no such entry/i,
    [
      'object-not-found',
      'The object does not exist',
      'Run a delta import, so that the connector space follows.',
    ],
  ],
];
