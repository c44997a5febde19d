import { expect, test } from 'vitest';

import { explainFailure, isUsedBefore, type Stage } from '#directory/explain-failure.ts';
import { KerberosError } from '#directory/kerberos-error.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { LinkError, type LinkErrorKind } from '#directory/link-error.ts';
import { AppError } from '#shared/model/app-error.ts';

const policyOid = '1.3.6.1.4.1.42.2.27.8.5.1';

function ldapError(code: number, diagnostic = '', policy?: number): LdapError {
  const controls =
    policy === undefined
      ? []
      : [{ oid: policyOid, critical: false, value: Uint8Array.of(0x30, 3, 0x81, 1, policy) }];
  return new LdapError('modify', { code, matchedDn: '', diagnostic, referrals: [], controls });
}

function explain(error: unknown, stage: Stage = 'request') {
  const { word, cause, fix, serverText, uncertain } = explainFailure(error, stage);
  expect(cause).not.toMatch(/\.$/);
  expect(fix).toMatch(/\.$|set-password$|=1\.$|<account>\.$/);
  expect(serverText).toBeDefined();
  return { word, cause, uncertain };
}

const bind = (data: string) =>
  `80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data ${data}, v4563`;

test.each([
  ['525', /does not exist/],
  ['52e', /password is wrong/],
  ['530', /this time/],
  ['531', /this computer/],
  ['532', /password .* has expired/],
  ['533', /disabled/],
  ['701', /account has expired/],
  ['773', /must change/],
  ['775', /locked/],
  ['80090346', /channel binding/],
  ['999', /password is wrong/],
])('sub-code %s of the agent’s own sign-in', (data, cause) => {
  const error = ldapError(49, bind(data));
  expect(error.bindReason).toBe(data);
  expect(explain(error, 'sign-in')).toMatchObject({
    word: 'ma-credentials-failure',
    cause: expect.stringMatching(cause),
  });
});

test.each([
  [
    19,
    '0000052D: Constraint violation - check_password_restrictions: too short',
    'new-password-violate-policy',
  ],
  [
    53,
    '0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0',
    'new-password-violate-policy',
  ],
  [19, '00000056: AtrErr: DSID-03191083, #1:', 'bad-password'],
  [
    53,
    '0000001F: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0',
    'ma-encryption-not-enabled',
  ],
  [53, '00002035: setup_io: not allowed', 'new-password-ill-formed'],
  [32, '00002030: No such Base DN: CN=nobody', 'object-not-found'],
  [32, '0000208D: NameErr: DSID-03100241, problem 2001 (NO_OBJECT), data 0', 'object-not-found'],
  [50, '00000005: SecErr: DSID-031A1190, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0', 'access-denied'],
  [50, '00002098: Object CN=x has no write property access', 'access-denied'],
  [1, '00002020: Operation unavailable without authentication', 'ma-credentials-failure'],
  [
    1,
    '000004DC: LdapErr: DSID-0C0909A2, comment: a successful bind must be completed',
    'ma-credentials-failure',
  ],
  [10, '0000202B: RefErr: DSID-03100781, data 0, 1 access points', 'server-down'],
  [51, '0000200E: SvcErr: busy', 'server-busy'],
] as const)('Active Directory: %i %s is %s', (code, diagnostic, word) => {
  expect(explain(ldapError(code, diagnostic)).word).toBe(word);
});

test.each([
  [0, 49, 'access-denied', 'ma-credentials-failure'],
  [1, 49, 'object-locked', 'ma-credentials-failure'],
  [2, 50, 'access-denied', 'ma-credentials-failure'],
  [3, 50, 'access-denied', undefined],
  [4, 50, 'access-denied', undefined],
  [5, 19, 'new-password-violate-policy', undefined],
  [6, 19, 'new-password-violate-policy', undefined],
  [7, 19, 'new-password-violate-policy', undefined],
  [8, 19, 'new-password-violate-policy', undefined],
  [9, 19, 'new-password-violate-policy', undefined],
] as const)('password policy error %i', (policy, code, request, signIn) => {
  expect(explain(ldapError(code, '', policy)).word).toBe(request);
  if (signIn !== undefined) expect(explain(ldapError(code, '', policy), 'sign-in').word).toBe(signIn);
});

test.each([
  ['OpenLDAP', 16, 'modify/delete: pwdHistory: no such value', 'server-busy'],
  ['OpenLDAP', 53, 'unwilling to verify old password', 'bad-password'],
  ['OpenLDAP', 53, 'operation restricted', 'server-busy'],
  ['OpenLDAP', 80, 'MDB_MAP_FULL: Environment mapsize limit reached', 'server-busy'],
  ['OpenLDAP', 80, 'entry update failed', 'server-busy'],
  ['OpenLDAP', 19, 'Password is not being changed from existing value', 'new-password-violate-policy'],
  [
    '389',
    19,
    'invalid password syntax - password must be at least 8 characters long',
    'new-password-violate-policy',
  ],
  ['389', 19, 'password in history', 'new-password-violate-policy'],
  ['389', 19, 'within password minimum age', 'new-password-violate-policy'],
  ['389', 19, 'Exceed password retry limit. Please try later.', 'object-locked'],
  ['389', 53, 'Account inactivated. Contact system administrator.', 'object-locked'],
  ['389', 53, 'database is read-only', 'server-busy'],
  ['389', 13, 'Operation requires a secure connection.', 'ma-encryption-not-enabled'],
  ['389', 49, 'Invalid oldPasswd value.', 'bad-password'],
  ['IBM', 19, 'Error, Password may not be reused', 'new-password-violate-policy'],
  ['IBM', 53, 'Error, Account is locked', 'object-locked'],
  ['eDirectory', 53, 'NDS error: duplicate password (-215)', 'new-password-violate-policy'],
  ['eDirectory', 53, 'NDS error: password too short (-216)', 'new-password-violate-policy'],
  ['eDirectory', 53, 'NDS error: login lockout (-197)', 'object-locked'],
  ['eDirectory', 80, 'NDS error: no access (-672)', 'access-denied'],
  ['any', 53, 'something else', 'extension-error'],
  ['any', 65, 'attribute userPassword not allowed', 'ma-object-type-not-supported'],
  ['any', 12, '', 'ma-feature-not-supported'],
  ['any', 51, '', 'server-busy'],
  ['any', 52, '', 'server-down'],
  ['any', 4711, '', 'extension-error'],
] as const)('%s: %i %s is %s', (_product, code, diagnostic, word) => {
  expect(explain(ldapError(code, diagnostic)).word).toBe(word);
});

test('the same code means one thing for the agent and another for its request', () => {
  expect(explain(ldapError(49), 'sign-in').word).toBe('ma-credentials-failure');
  expect(explain(ldapError(49), 'request').word).toBe('bad-password');
  expect(explain(ldapError(16), 'request').word).toBe('ma-object-type-not-supported');
  expect(explain(ldapError(16), 'change').word).toBe('bad-password');
  expect(explain(ldapError(19, 'Exceed password retry limit'), 'sign-in').word).toBe(
    'ma-credentials-failure',
  );
});

test('the server’s words are kept', () => {
  expect(explainFailure(ldapError(53, 'because of the moon'), 'request').serverText).toBe(
    'modify: 53 unwillingToPerform: because of the moon',
  );
});

test.each([
  ['unreachable', 'server-down'],
  ['tls', 'ma-encryption-not-enabled'],
  ['timeout', 'timeout'],
  ['closed', 'server-down'],
  ['protocol', 'server-down'],
  ['aborted', 'timeout'],
  ['insecure', 'ma-encryption-not-enabled'],
] as const)('a link that is %s means %s', (kind: LinkErrorKind, word) => {
  expect(explain(new LinkError(kind, 'words'))).toMatchObject({ word, uncertain: false });
  expect(explain(new LinkError(kind, 'words', { sent: true }))).toMatchObject({ word, uncertain: true });
  expect(explain(new LinkError(kind, 'words', { sent: true }), 'sign-in').uncertain).toBe(false);
});

test.each([
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /authority .* not trusted/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /authority .* not trusted/],
  ['CERT_HAS_EXPIRED', /expired/],
  ['CERT_NOT_YET_VALID', /not valid yet/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /another name/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS/],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /TLS 1\.2/],
  ['ENOENT', /file cannot be read/],
])('%s names the fault of the certificate', (code, cause) => {
  const error = new LinkError('tls', 'words', { cause: Object.assign(new Error('x'), { code }) });
  expect(explain(error).cause).toMatch(cause);
});

test('what else fails in a sign-in keeps its fix', () => {
  const missing = new AppError('not_found', 'The agent "hr" has no password to sign in with', {
    fix: 'Set it: carillon agents set-password',
  });
  expect(explain(missing, 'sign-in').word).toBe('ma-credentials-failure');
  expect(explain(new KerberosError('clock-skew', 'words'), 'sign-in').word).toBe('time-difference-at-dc');
  expect(explain(new KerberosError('no-keytab', 'words'), 'sign-in').word).toBe('ma-credentials-failure');
  expect(explain(new TypeError('x')).word).toBe('extension-error');
});

test('a refusal as used before is told from every other', () => {
  expect(isUsedBefore(ldapError(19, '', 8))).toBe(true);
  expect(isUsedBefore(ldapError(19, 'password in history'))).toBe(true);
  expect(isUsedBefore(ldapError(19, '', 6))).toBe(false);
  expect(isUsedBefore(new LinkError('closed', 'x'))).toBe(false);
});
