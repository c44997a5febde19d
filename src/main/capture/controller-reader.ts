import type { LdapConnection, SearchRequest } from '#directory/ldap-connection.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { LinkError } from '#directory/link-error.ts';
import { bytesOf, type SearchEntry, textOf } from '#directory/search-entry.ts';
import { tryFormatSid } from '#directory/security-identifier.ts';
import { AppError } from '#shared/model/app-error.ts';
import { escapeFilterText } from '#shared/text/filter-text.ts';
import { accountAttributes, tryReadAccount } from './account-entry.ts';
import type { AccountState, DomainReader } from './account-state.ts';
import { type ControllerIdentity, readControllerIdentity } from './controller-identity.ts';
import type { AskOptions, DirectoryAccess } from './directory-access.ts';
import type { GroupDirectory } from './pcns-store.ts';

/** Answers come in 2 to 7 ms; a worker that is busy with a password change takes as long as its hook. */
const hedged = 12;
const ordinary: AskOptions = { limit: 10_000, patience: 1_000 };
/** Several reads, one after the other. */
const thorough: AskOptions = { limit: 60_000, patience: 1_000 };
const noSuchObject = 32;
/** DOMAIN_PASSWORD_COMPLEX of pwdProperties (MS-SAMR 2.2.3.5). */
const domainPasswordComplex = 1;
const builtin = 'S-1-5-32-';

/** Reads accounts and groups from this domain controller. */
export class ControllerReader implements DomainReader, GroupDirectory {
  readonly #access: DirectoryAccess;
  #identity: ControllerIdentity | undefined;
  #refreshing: Promise<ControllerIdentity> | undefined;

  constructor(access: DirectoryAccess) {
    this.#access = access;
  }

  /** As last read; asks when it was never read. */
  async identify(): Promise<ControllerIdentity> {
    return this.#identity ?? this.refreshIdentity();
  }

  /** Asks anew: a domain controller that was restored from a backup has another invocationId. */
  async refreshIdentity(): Promise<ControllerIdentity> {
    this.#refreshing ??= this.#access.ask(readControllerIdentity, thorough).finally(() => {
      this.#refreshing = undefined;
    });
    this.#identity = await this.#refreshing;
    return this.#identity;
  }

  /** Whether the domain wants complex passwords: without that, Samba asks no hook. */
  async wantsComplexPasswords(): Promise<boolean> {
    const { baseDn } = await this.identify();
    const entry = await this.#readEntry(baseDn, ['pwdProperties']);
    return (Number((entry && textOf(entry, 'pwdProperties')) ?? 0) & domainPasswordComplex) !== 0;
  }

  /** As far as it is known already. */
  get identity(): ControllerIdentity | undefined {
    return this.#identity;
  }

  async findAccount(account: string, limit: number): Promise<AccountState | undefined> {
    // A hook waits: what is not known yet after a start must not take longer than the account itself.
    const { baseDn, invocationId } = this.#identity ?? (await withinLimit(this.refreshIdentity(), limit));
    const filter = `(sAMAccountName=${escapeFilterText(account)})`;
    const request = { base: baseDn, scope: 'sub' as const, filter, attributes: accountAttributes };
    const [entry] = await this.#search(request, { limit, patience: hedged });
    return entry && tryReadAccount(entry, invocationId);
  }

  async readAccount(guid: string): Promise<AccountState | undefined> {
    const { invocationId } = await this.identify();
    const entry = await this.#readEntry(`<GUID=${guid}>`, accountAttributes);
    return entry && tryReadAccount(entry, invocationId);
  }

  async readGroups(guid: string): Promise<ReadonlySet<string>> {
    const entry = await this.#readEntry(`<GUID=${guid}>`, ['tokenGroups']);
    const groups: readonly Uint8Array[] = entry?.attributes.get('tokengroups') ?? [];
    return new Set(groups.map(tryFormatSid).filter((sid) => sid !== undefined));
  }

  async resolveSids(sids: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set((await this.nameSids(sids)).keys());
  }

  async nameSids(sids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (sids.length === 0) return new Map();
    const { baseDn, domain } = await this.identify();
    const filter = `(|${sids.map((sid) => `(objectSid=${escapeFilterText(sid)})`).join('')})`;
    const attributes = ['objectSid', 'sAMAccountName'];
    const entries = await this.#search({ base: baseDn, scope: 'sub', filter, attributes });
    return new Map(readNames(entries, domain).map(({ sid, name }) => [sid, name]));
  }

  async findGroup(name: string): Promise<{ readonly sid: string; readonly name: string }> {
    const { baseDn, domain } = await this.identify();
    const [, prefix, group = ''] = /^(?:([^\\]*)\\)?(.+)$/.exec(name) ?? [];
    const filter = `(&(objectClass=group)(sAMAccountName=${escapeFilterText(group)}))`;
    const attributes = ['objectSid', 'sAMAccountName'];
    const isHere = prefix === undefined || [domain.toUpperCase(), 'BUILTIN'].includes(prefix.toUpperCase());
    const entries = isHere ? await this.#search({ base: baseDn, scope: 'sub', filter, attributes }) : [];
    const [found] = readNames(entries, domain);
    if (found !== undefined) return found;
    throw new AppError('not_found', `No group "${name}" in the domain ${domain}`, {
      fix: `Give the group as ${domain}\\group or group, by its name before Windows 2000 (sAMAccountName).`,
    });
  }

  async #readEntry(base: string, attributes: readonly string[]): Promise<SearchEntry | undefined> {
    try {
      const request = { base, scope: 'base' as const, filter: '(objectClass=*)', attributes };
      const [entry] = await this.#search(request);
      return entry;
    } catch (error) {
      if (error instanceof LdapError && error.code === noSuchObject) return undefined;
      throw error;
    }
  }

  #search(request: SearchRequest, options = ordinary): Promise<SearchEntry[]> {
    const ask = (connection: LdapConnection, signal: AbortSignal) =>
      connection.searchEntries({ ...request, signal, timeout: options.limit });
    return this.#access.ask(ask, options);
  }
}

async function withinLimit<T>(work: Promise<T>, limit: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new LinkError('timeout', `The domain controller did not answer within ${limit} ms`)),
      limit,
    );
  });
  // What comes after its time is for the next question; a failure is told by who asks for it by itself.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** SID and `DOMAIN\\name` of each entry that has both. */
function readNames(
  entries: readonly SearchEntry[],
  domain: string,
): readonly { sid: string; name: string }[] {
  return entries.flatMap((entry) => {
    const sid = tryFormatSid(bytesOf(entry, 'objectSid') ?? new Uint8Array());
    const account = textOf(entry, 'sAMAccountName');
    if (sid === undefined || account === undefined) return [];
    return [{ sid, name: `${sid.startsWith(builtin) ? 'BUILTIN' : domain}\\${account}` }];
  });
}
