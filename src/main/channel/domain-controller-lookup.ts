import type { LdapConnection } from '#directory/ldap-connection.ts';
import { textOf } from '#directory/search-entry.ts';

import type { ComputerFacts, FindComputer } from './prove-domain-controller.ts';

/** Well-known object that stays findable under whatever name it was given (MS-ADTS 6.1.1.4). */
const domainControllersContainer = 'a361b2ffffd211d1aa4b00c04fd7d83a';

export interface DomainControllerLookupOptions {
  /** A signed-in connection to a domain controller; asked for at each look-up. */
  readonly connect: () => Promise<Pick<LdapConnection, 'searchEntries'>>;
  /** Distinguished name of the domain. */
  readonly baseDn: string;
  readonly realm: string;
}

/** Looks computers up in the directory, as event 6914 needs it. */
export function createDomainControllerLookup(options: DomainControllerLookupOptions): FindComputer {
  const { connect, baseDn, realm } = options;
  return async (account) => {
    // Such names need no escaping in a filter, and no host has another.
    if (!/^[A-Za-z0-9_-]{1,63}\$$/.test(account)) return undefined;
    const connection = await connect();
    const find = (base: string, filter: string, attributes: readonly string[]) =>
      connection.searchEntries({ base, scope: 'sub', filter, attributes });
    const isComputer = `(&(objectCategory=computer)(sAMAccountName=${account}))`;
    const facts = ['userAccountControl', 'primaryGroupID'];
    const [computer] = await find(baseDn, isComputer, facts);
    if (computer === undefined) return undefined;
    const names = `(|(userPrincipalName=${account})(userPrincipalName=${account}@${realm}))`;
    const [controllers, twins] = await Promise.all([
      find(`<WKGUID=${domainControllersContainer},${baseDn}>`, isComputer, ['1.1']),
      find(baseDn, `(&${names}(!(sAMAccountName=${account})))`, ['1.1']),
    ]);
    return {
      userAccountControl: Number(textOf(computer, 'userAccountControl')),
      primaryGroupId: Number(textOf(computer, 'primaryGroupID')),
      inDomainControllers: controllers.length > 0,
      hasNameTwin: twins.length > 0,
    } satisfies ComputerFacts;
  };
}
