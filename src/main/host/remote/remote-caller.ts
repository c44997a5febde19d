import type { LdapConnection } from '#directory/ldap-connection.ts';
import { textOf } from '#directory/search-entry.ts';
import { messageOf } from '#shared/model/message-of.ts';
import type { RemoteAccess } from '#shared/model/remote-access.ts';
import type { Access } from '#shared/rpc/access.ts';
import { escapeFilterText } from '#shared/text/filter-text.ts';
import type { AccountDirectory } from '#sso/ports.ts';

import { realmOf } from '../channel/domain-proofs.ts';
import type { Domain } from '../sso/domain-directory.ts';
import { RemoteError } from './remote-error.ts';

/** Who calls from another computer, proven, and what it may do. */
export interface RemoteCaller {
  /** `name@REALM`. */
  readonly principal: string;
  /** `DOMAIN\name`. */
  readonly account: string;
  readonly access: Access;
}

export interface RemoteCallerParts {
  readonly domains: () => readonly Domain[];
  readonly directory: AccountDirectory;
  readonly settings: () => Pick<RemoteAccess, 'administrators' | 'operators' | 'readers'>;
  /** Whether single sign-on has anything for an account. */
  readonly isKnownToSso: (account: string) => Promise<boolean>;
}

export type ProveRemoteCaller = (principal: string) => Promise<RemoteCaller>;

/**
 * Finds the account behind a Kerberos name and the highest role that it has, through any number of groups. Throws
 * `RemoteError`: `wrong-realm`, `no-role`, or `not-proven` where the directory does not answer.
 */
export function createRemoteCallerProof(parts: RemoteCallerParts): ProveRemoteCaller {
  const { domains, directory, settings, isKnownToSso } = parts;
  return async (principal) => {
    const [, name = '', realm = ''] = /^([^@/]+)@([^@/]+)$/.exec(principal) ?? [];
    const domain = domains().find(({ dn }) => realmOf(dn) === realm.toUpperCase());
    if (domain === undefined || name === '')
      throw new RemoteError('wrong-realm', `${principal} is of no domain that this server knows`);
    try {
      const account = await findAccount(domain, name, realm);
      return { principal, account, access: await findAccess(account) };
    } catch (cause) {
      if (cause instanceof RemoteError) throw cause;
      const words = messageOf(cause);
      throw new RemoteError(
        'not-proven',
        `The directory of ${domain.name} does not tell who ${principal} is: ${words}`,
        { cause },
      );
    }
  };

  async function findAccess(account: string): Promise<Access> {
    const { administrators, operators, readers } = settings();
    const lists = [
      ['administer', administrators],
      ['operate', operators],
      ['browse', readers],
    ] as const;
    for (const [access, accounts] of lists)
      if ((await directory.firstOf(account, accounts)) !== undefined) return access;
    if (await isKnownToSso(account)) return 'use';
    throw new RemoteError('no-role', `${account} has no role on this server`);
  }
}

/**
 * The account that a Kerberos name stands for. Whoever may write a user principal name can get tickets in that name, so
 * one that fits two accounts is nobody's.
 */
async function findAccount(
  { name: domain, dn, connect }: Domain,
  name: string,
  realm: string,
): Promise<string> {
  const connection: Pick<LdapConnection, 'searchEntries'> = await connect();
  const text = escapeFilterText(name);
  const found = await connection.searchEntries({
    base: dn,
    scope: 'sub',
    filter: `(|(sAMAccountName=${text})(userPrincipalName=${text})(userPrincipalName=${text}@${escapeFilterText(realm)}))`,
    attributes: ['sAMAccountName', 'userAccountControl'],
  });
  const [only, twin] = found;
  const account = only === undefined ? undefined : textOf(only, 'sAMAccountName');
  if (only === undefined || account === undefined)
    throw new RemoteError('no-role', `${domain} has no account ${name}`);
  if (twin !== undefined)
    throw new RemoteError('no-role', `${name} is the name of two accounts of ${domain}`, {
      fix: `Take the user principal name ${name}@${realm} away from the account that it does not belong to.`,
    });
  if ((Number(textOf(only, 'userAccountControl') ?? 0) & 0x2) !== 0)
    throw new RemoteError('no-role', `${domain}\\${account} is disabled`, { fix: 'Enable the account.' });
  return `${domain}\\${account}`;
}
