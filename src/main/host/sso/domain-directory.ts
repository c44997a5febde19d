import { nextPage, pagedResults } from '#directory/controls/paged-results.ts';
import type { LdapConnection } from '#directory/ldap-connection.ts';
import { bytesOf, type SearchEntry, textOf } from '#directory/search-entry.ts';
import type { AgentId } from '#shared/model/change.ts';
import { escapeFilterText } from '#shared/text/filter-text.ts';
import { isSameAccount } from '#sso/caller.ts';
import type { AccountDirectory, AccountFacts, SsoClock } from '#sso/ports.ts';

/** How long an answer of the directory counts, milliseconds: a member taken from a group loses its rights by then. */
const lifetime = 15_000;
/** Accounts kept at most. */
const capacity = 10_000;
const pageSize = 500;
/** MS-ADTS 2.2.16. */
const accountDisabled = 0x2;
/** Membership through any number of groups (MS-ADTS 3.1.1.3.4.4.3). */
const inChain = '1.2.840.113556.1.4.1941';
const attributes = ['sAMAccountName', 'objectSid', 'objectClass', 'userAccountControl'];

/** A domain that an agent is connected to. */
export interface Domain {
  /** Management agent that is connected to it. */
  readonly agent: AgentId;
  /** NetBIOS name. */
  readonly name: string;
  readonly dn: string;
  readonly connect: () => Promise<Pick<LdapConnection, 'search' | 'searchEntries' | 'add' | 'modify'>>;
}

interface Known {
  readonly dn: string;
  readonly sid: string;
  readonly facts: AccountFacts;
}

interface Kept<T> {
  readonly until: number;
  readonly value: Promise<T>;
}

/** Accounts and groups as Active Directory has them; each answer is kept for a quarter of a minute. */
export class DomainDirectory implements AccountDirectory {
  readonly #domains: () => readonly Domain[];
  readonly #clock: SsoClock;
  readonly #accounts = new Map<string, Kept<Known | undefined>>();
  readonly #groups = new Map<string, Kept<ReadonlySet<string>>>();

  constructor(domains: () => readonly Domain[], clock: SsoClock) {
    this.#domains = domains;
    this.#clock = clock;
  }

  async find(account: string): Promise<AccountFacts | undefined> {
    return (await this.#account(account))?.facts;
  }

  async firstOf(account: string, accounts: readonly string[]): Promise<string | undefined> {
    let sids: ReadonlySet<string> | undefined;
    for (const candidate of accounts) {
      if (isSameAccount(account, candidate)) return candidate;
      sids ??= await this.#groupsOf(account);
      if (sids.size === 0) continue;
      const known = await this.#account(candidate);
      if (known !== undefined && sids.has(known.sid)) return candidate;
    }
    return undefined;
  }

  async *usersIn(accounts: readonly string[]): AsyncIterable<AccountFacts> {
    const seen = new Set<string>();
    for (const account of accounts) {
      const known = await this.#account(account);
      const domain = this.#domainOf(account);
      if (known === undefined || domain === undefined) continue;
      if (known.facts.kind === 'user') {
        if (!seen.has(known.sid)) yield known.facts;
        seen.add(known.sid);
        continue;
      }
      // Nobody is memberOf the group that is its primary one.
      const rid = known.sid.split('-').at(-1) ?? '';
      const filter = `(&(objectCategory=person)(objectClass=user)(|(memberOf:${inChain}:=${escapeFilterText(known.dn)})(primaryGroupID=${rid})))`;
      for await (const entry of searchPages(await domain.connect(), domain.dn, filter)) {
        const member = toKnown(domain, entry);
        if (member === undefined || seen.has(member.sid)) continue;
        seen.add(member.sid);
        yield member.facts;
      }
    }
  }

  /** Security identifiers of every group that an account belongs to; a disabled account belongs to none. */
  #groupsOf(account: string): Promise<ReadonlySet<string>> {
    return this.#keep(this.#groups, account.toLowerCase(), async () => {
      const known = await this.#account(account);
      const domain = this.#domainOf(account);
      if (known === undefined || domain === undefined || known.facts.isDisabled) return new Set<string>();
      const connection = await domain.connect();
      const [entry] = await connection.searchEntries({
        base: known.dn,
        scope: 'base',
        filter: '(objectClass=*)',
        attributes: ['tokenGroups'],
      });
      return new Set((entry?.attributes.get('tokengroups') ?? []).map(readSid));
    });
  }

  #account(account: string): Promise<Known | undefined> {
    const domain = this.#domainOf(account);
    const name = account.slice(account.indexOf('\\') + 1);
    if (domain === undefined) return Promise.resolve(undefined);
    return this.#keep(this.#accounts, account.toLowerCase(), async () => {
      const connection = await domain.connect();
      const [entry] = await connection.searchEntries({
        base: domain.dn,
        scope: 'sub',
        filter: `(sAMAccountName=${escapeFilterText(name)})`,
        attributes,
      });
      return entry === undefined ? undefined : toKnown(domain, entry);
    });
  }

  #domainOf(account: string): Domain | undefined {
    const [name = ''] = account.split('\\');
    return this.#domains().find((domain) => isSameAccount(domain.name, name));
  }

  #keep<T>(kept: Map<string, Kept<T>>, key: string, ask: () => Promise<T>): Promise<T> {
    const known = kept.get(key);
    const now = this.#clock.now();
    if (known !== undefined && known.until > now) return known.value;
    if (kept.size >= capacity) kept.clear();
    const entry = { until: now + lifetime, value: ask() };
    kept.set(key, entry);
    entry.value.catch(() => {
      // A directory that could not be asked said nothing worth keeping.
      if (kept.get(key) === entry) kept.delete(key);
    });
    return entry.value;
  }
}

async function* searchPages(
  connection: Pick<LdapConnection, 'search'>,
  base: string,
  filter: string,
): AsyncGenerator<SearchEntry> {
  let cookie: Uint8Array | undefined;
  do {
    const page = connection.search({
      base,
      scope: 'sub',
      filter,
      attributes,
      controls: [pagedResults(pageSize, cookie)],
    });
    let item = await page.next();
    while (!item.done) {
      if (item.value.kind === 'entry') yield item.value;
      item = await page.next();
    }
    cookie = nextPage(item.value.controls);
  } while (cookie !== undefined);
}

function toKnown({ name: domain }: Domain, entry: SearchEntry): Known | undefined {
  const name = textOf(entry, 'sAMAccountName');
  const sid = bytesOf(entry, 'objectSid');
  if (name === undefined || sid === undefined) return undefined;
  const classes = (entry.attributes.get('objectclass') ?? []).map((value) => new TextDecoder().decode(value));
  const kind = classes.includes('group') ? 'group' : classes.includes('computer') ? 'computer' : 'user';
  const isDisabled = (Number(textOf(entry, 'userAccountControl') ?? 0) & accountDisabled) !== 0;
  return { dn: entry.dn, sid: readSid(sid), facts: { account: `${domain}\\${name}`, kind, isDisabled } };
}

/** Text form of a binary SID (MS-DTYP 2.4.2.1). */
function readSid(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor((bytes.length - 8) / 4);
  const parts = Array.from({ length: count }, (_, index) => view.getUint32(8 + index * 4, true));
  return ['S-1', view.getUint16(2) * 2 ** 32 + view.getUint32(4), ...parts].join('-');
}
