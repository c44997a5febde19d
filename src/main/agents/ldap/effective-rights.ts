import type { LdapConnection } from '#directory/ldap-connection.ts';
import { textsOf } from '#directory/search-entry.ts';

/** Get effective rights (draft-ietf-ldapext-acl-model), as 389 and Sun directories answer it. */
const oid = '1.3.6.1.4.1.42.2.27.9.5.2';

/**
 * Whether `user` may write userPassword on `dn`, as a 389 or Sun directory works it out; undefined where it does
 * not say.
 */
export async function readUserPasswordRight(
  connection: LdapConnection,
  user: string,
  dn: string,
  options: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<boolean | undefined> {
  const [entry] = await connection.searchEntries({
    base: dn,
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: ['userPassword', 'attributeLevelRights'],
    controls: [{ oid, critical: true, value: Buffer.from(`dn:${user}`) }],
    ...options,
  });
  // `uid:rsc, userPassword:rscwo`: read, search, compare, write, obliterate.
  const rights = entry === undefined ? [] : textsOf(entry, 'attributeLevelRights').join(', ').split(/,\s*/);
  const own = rights
    .map((right) => right.split(':'))
    .find(([name]) => name?.toLowerCase() === 'userpassword');
  return own?.[1]?.includes('w');
}
