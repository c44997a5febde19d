import { type DirSyncState, dirSync, dirSyncState } from '#directory/controls/dir-sync.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { bytesOf, type SearchEntry, textOf } from '#directory/search-entry.ts';
import { ImportFailure } from '#identity/import-failure.ts';
import type { ChangeFeed, FeedPage, ImportContext } from '../change-feed.ts';
import { toGuidText } from '../directory-anchor.ts';
import { containerFilter } from '../entry-reader.ts';

/** Tombstones keep their class but lose what the usual filters ask for. */
const feedFilter = `(|(objectClass=user)${containerFilter})`;
/** Matches nothing, so that only the cookie comes back. */
const emptyFilter = '(&(objectClass=user)(!(objectClass=top)))';
/** insufficientAccessRights, unwillingToPerform: the account may not replicate. */
const mayNotReplicate = new Set([50, 53]);

interface Page {
  readonly entries: readonly SearchEntry[];
  readonly state: DirSyncState;
}

/**
 * Changes by DirSync (MS-ADTS 3.1.1.3.4.1.3). An entry of the feed shows only what changed of it, so everything
 * that it names is read again whole: the feed's own filter cannot tell who left the partition's.
 *
 * With the right to replicate the account sees deletions; without it, only what it may read, and the Deleted
 * Objects container is closed to most accounts. The watermark says which of the two it was taken with.
 */
export const dirSyncFeed: ChangeFeed = {
  async position(context) {
    try {
      return await readPosition(context, true);
    } catch (error) {
      if (!(error instanceof LdapError) || !mayNotReplicate.has(error.code)) throw error;
      return readPosition(context, false);
    }
  },

  async *changes(context, watermark) {
    let position = parseWatermark(watermark);
    for (;;) {
      const { entries, state } = await readPage(context, feedFilter, position).catch((error: unknown) => {
        throw isRejected(error) ? fullImportRequired(error) : error;
      });
      position = { cookie: state.cookie, asSystem: position.asSystem };
      yield { ...toFeedPage(entries), watermark: formatWatermark(position), ...noteOf(position) };
      if (!state.more) return;
    }
  },
};

interface Position {
  readonly cookie: Uint8Array | undefined;
  /** Taken with the right to replicate. */
  readonly asSystem: boolean;
}

async function readPosition(context: ImportContext, asSystem: boolean): Promise<string> {
  let position: Position = { cookie: undefined, asSystem };
  for (;;) {
    const { state } = await readPage(context, emptyFilter, position);
    position = { cookie: state.cookie, asSystem };
    if (!state.more) return formatWatermark(position);
  }
}

async function readPage(context: ImportContext, filter: string, position: Position): Promise<Page> {
  const { connection, partition, reader, timeout, signal } = context;
  const search = connection.search({
    // DirSync takes no other base than the head of a naming context.
    base: partition.dn,
    scope: 'sub',
    filter,
    // What is not asked for brings no entry: a changed password alone is none of the feed's business, but what
    // the partition's filter asks about is.
    attributes: [...reader.attributes, 'name', 'isDeleted', ...attributesOf(context.filter)],
    controls: [dirSync(position.cookie, { asSystem: position.asSystem })],
    timeout,
    signal,
  });
  const entries: SearchEntry[] = [];
  for (;;) {
    const { done, value } = await search.next();
    if (done) {
      const state = dirSyncState(value.controls);
      if (state === undefined)
        throw new ImportFailure(
          'stopped-unexpected-data',
          'read-error',
          'The server sent no DirSync cookie',
          {
            fix: 'Check that the partition is the head of a naming context.',
          },
        );
      return { entries, state };
    }
    if (value.kind === 'entry') entries.push(value);
  }
}

/** Names of the attributes in a filter (RFC 4515 3). */
function attributesOf(filter: string): readonly string[] {
  const names = [...filter.matchAll(/\(\s*([A-Za-z][A-Za-z0-9-]*)(?::[^=()]*)?\s*[~<>]?=/g)];
  return [...new Set(names.map(([, name = '']) => name))];
}

function toFeedPage(entries: readonly SearchEntry[]): FeedPage {
  const items: { readonly kind: 'deleted'; readonly anchor: string }[] = [];
  const changed: { readonly anchor: string }[] = [];
  for (const entry of entries) {
    const anchor = toGuidText(bytesOf(entry, 'objectGUID'), 'guid');
    if (anchor === undefined) continue;
    if (textOf(entry, 'isDeleted')?.toUpperCase() === 'TRUE') items.push({ kind: 'deleted', anchor });
    else changed.push({ anchor });
  }
  return { items, changed };
}

function noteOf({ asSystem }: Position): { readonly note?: string } {
  if (asSystem) return {};
  return {
    note: 'The account may not replicate directory changes, so deletions may show at the next full import only | Grant it "Replicating Directory Changes" on the domain.',
  };
}

/** A cookie that is damaged, of another domain, or older than what the server remembers. */
function isRejected(error: unknown): boolean {
  return error instanceof LdapError && [2, 12, 19, 53, 80, 1].includes(error.code);
}

function fullImportRequired(cause: unknown): ImportFailure {
  return new ImportFailure(
    'no-start-full-import-required',
    'warning-no-watermark',
    'The server does not take the watermark of the last import',
    { fix: 'Run a full import.', ...(cause instanceof Error ? { serverText: cause.message, cause } : {}) },
  );
}

function formatWatermark({ cookie, asSystem }: Position): string {
  return `${asSystem ? 'system' : 'own'}:${Buffer.from(cookie ?? []).toString('base64')}`;
}

function parseWatermark(watermark: string): Position {
  const [scope, cookie] = watermark.split(':');
  if (cookie === undefined || (scope !== 'system' && scope !== 'own')) throw fullImportRequired(undefined);
  return { cookie: Buffer.from(cookie, 'base64'), asSystem: scope === 'system' };
}
