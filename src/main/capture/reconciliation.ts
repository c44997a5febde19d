import type { DomainReader } from './account-state.ts';
import type { CommitWatch } from './commit-watch.ts';
import type { CaptureEventSink } from './event-log.ts';
import type { PasswordLedger } from './password-ledger.ts';
import { whyNeverSent } from './scope.ts';

/** Accounts whose password the directory changed since a bookmark: DirSync (MS-ADTS 3.1.1.3.4.1.3). */
export interface PasswordChangeFeed {
  /** One page; all accounts for no bookmark. Throws where the directory does not answer. */
  readChanges(bookmark: Uint8Array | undefined): Promise<{
    readonly guids: readonly string[];
    readonly bookmark: Uint8Array;
    readonly more: boolean;
  }>;
  /** The password version of every account. */
  listVersions(): Promise<readonly { readonly guid: string; readonly version: number }[]>;
}

export interface ReconciliationOptions {
  readonly feed: PasswordChangeFeed;
  readonly reader: DomainReader;
  readonly ledger: PasswordLedger;
  readonly watch: Pick<CommitWatch, 'isWatching'>;
  readonly log: CaptureEventSink;
  /** Names of this domain and domain controller, for the event. */
  readonly identify: () => Promise<{
    readonly domain: string;
    readonly server: string;
    /** A bookmark holds for this copy of the directory alone. */
    readonly invocationId: string;
  }>;
}

/**
 * Finds what the hook missed: passwords that this domain controller committed and nobody captured (7001). Passwords
 * that replication brought are another domain controller's business.
 */
export class Reconciliation {
  readonly #options: ReconciliationOptions;

  constructor(options: ReconciliationOptions) {
    this.#options = options;
  }

  /** Looks at everything since the last look. The first look of all only takes note of what there is. */
  async check(): Promise<void> {
    const { ledger, feed, identify } = this.#options;
    const { invocationId } = await identify();
    let bookmark = ledger.bookmark(invocationId);
    if (bookmark === undefined) {
      await this.#begin(invocationId);
      return;
    }
    for (let more = true; more; ) {
      const page = await feed.readChanges(bookmark);
      for (const guid of page.guids) if (!(await this.#judge(guid))) return;
      bookmark = page.bookmark;
      more = page.more;
      await ledger.advance(invocationId, bookmark);
    }
  }

  async #begin(invocationId: string): Promise<void> {
    const { ledger, feed } = this.#options;
    await ledger.record(await feed.listVersions());
    let page = await feed.readChanges(undefined);
    while (page.more) page = await feed.readChanges(page.bookmark);
    await ledger.advance(invocationId, page.bookmark);
  }

  /** False where a captured change of the account is not decided yet: the same page is looked at again later. */
  async #judge(guid: string): Promise<boolean> {
    const { reader, ledger, watch } = this.#options;
    const state = await reader.readAccount(guid);
    if (state?.password === undefined || whyNeverSent(state) !== undefined) return true;
    const known = ledger.versionOf(guid) ?? 0;
    const { version, isLocal, at } = state.password;
    if (version <= known) return true;
    if (watch.isWatching(state.account)) return false;
    // An account made without a password has a first version all the same.
    const isEmpty = known === 0 && version === 1 && state.passwordLastSet === 0;
    if (isLocal && !isEmpty) await this.#report(state.account, at);
    await ledger.record([{ guid, version }]);
    return true;
  }

  async #report(account: string, at: number): Promise<void> {
    const { domain, server } = await this.#options.identify();
    this.#options.log({
      number: 7001,
      account,
      message: `The password of ${domain}\\${account} was changed on ${server} at ${new Date(at).toISOString()} and was not captured: no target has it`,
    });
  }
}
