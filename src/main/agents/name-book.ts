import type { LdapConnection } from '#directory/ldap-connection.ts';
import { LdapError } from '#directory/ldap-error.ts';
import type { OperationOptions } from '#directory/operation.ts';
import type { Connector } from '#engine/join-table.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';

import { type AnchorRule, anchorFilter } from './directory-anchor.ts';

/** A name that was confirmed is good for this long, milliseconds: a backlog need not ask before every set. */
const trustedFor = 60_000;
/** Names kept; the oldest goes first. */
const capacity = 10_000;
/** noSuchObject, invalidDNSyntax, referral: there is no such entry here. */
const absent = new Set([32, 34, 10]);

interface KnownName {
  readonly dn: string;
  readonly until: number;
}

/**
 * Where the objects of an agent are now. A connector's DN is as old as the last import, and meanwhile another object
 * may have taken it: the entry under that name must have the connector's anchor before a password goes to it.
 */
export class NameBook {
  readonly #rule: AnchorRule;
  readonly #names = new Map<string, KnownName>();

  constructor(rule: AnchorRule) {
    this.#rule = rule;
  }

  /** The object's present DN. Throws `PasswordFailure` `object-not-found` where it exists no more. */
  async find(connection: LdapConnection, connector: Connector, limits: OperationOptions): Promise<string> {
    const known = this.#names.get(connector.anchor);
    if (known !== undefined && known.until > performance.now()) return known.dn;
    const filter = anchorFilter(connector.anchor, this.#rule);
    if (filter === undefined) return connector.dn;
    const search = (base: string, scope: 'base' | 'sub'): Promise<string | undefined> =>
      findOne(connection, { base, scope, filter, attributes: ['1.1'], ...limits });
    const dn = (await search(connector.dn, 'base')) ?? (await search(connector.partition, 'sub'));
    if (dn === undefined)
      throw new PasswordFailure('object-not-found', `${connector.dn} exists no more, under any name`, {
        fix: 'Run a delta import, so that the connector space follows.',
      });
    this.#keep(connector.anchor, dn);
    return dn;
  }

  /** Whether the object's name came from memory, which it now leaves. */
  forget({ anchor }: Connector): boolean {
    return this.#names.delete(anchor);
  }

  #keep(anchor: string, dn: string): void {
    this.#names.delete(anchor);
    this.#names.set(anchor, { dn, until: performance.now() + trustedFor });
    const [oldest] = this.#names.keys();
    if (this.#names.size > capacity && oldest !== undefined) this.#names.delete(oldest);
  }
}

async function findOne(
  connection: LdapConnection,
  request: Parameters<LdapConnection['searchEntries']>[0],
): Promise<string | undefined> {
  try {
    const [entry] = await connection.searchEntries(request);
    return entry?.dn;
  } catch (error) {
    if (error instanceof LdapError && absent.has(error.code)) return undefined;
    throw error;
  }
}
