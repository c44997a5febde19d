import { syncDoneOf, syncInfoOf, syncRequest, syncStateOf } from '#directory/controls/sync.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { textsOf } from '#directory/search-entry.ts';
import { ImportFailure } from '#identity/import-failure.ts';
import type { ImportItem } from '#identity/import-source.ts';
import { foldDn, isWithin } from '#shared/text/distinguished-name.ts';
import type { ChangeFeed, FeedPage } from '../change-feed.ts';
import { toGuidText } from '../directory-anchor.ts';
import { containerFilter } from '../entry-reader.ts';

/** e-syncRefreshRequired, and what servers answer to a cookie that they cannot read (RFC 4533 3.10). */
const rejections = new Set([4096, 2, 53, 19]);

/** OpenLDAP takes a cookie that it cannot read for none, and begins anew without a word. */
const cookiePattern = /^rid=\d{1,3},(?:sid=[\da-f]+,)?csn=\d{14}/;

/**
 * Changes by content synchronization, one refresh at a time (RFC 4533). The watermark is the cookie of OpenLDAP,
 * which holds the change number of the whole database whatever the search's base and filter are.
 */
export const syncreplFeed: ChangeFeed = {
  async position({ connection, partition, timeout, signal }) {
    const options = { timeout, signal, scope: 'base', filter: '(objectClass=*)' } as const;
    const [root] = await connection.searchEntries({ ...options, base: '', attributes: ['namingContexts'] });
    const contexts = root === undefined ? [] : textsOf(root, 'namingContexts');
    const base = contexts.find((context) => isIn(partition.dn, context)) ?? partition.dn;
    const [head] = await connection.searchEntries({ ...options, base, attributes: ['contextCSN'] });
    const numbers = head === undefined ? [] : textsOf(head, 'contextCSN');
    if (numbers.length === 0)
      throw new ImportFailure(
        'no-start-change-log-not-enabled',
        'failed-search',
        `${base} has no contextCSN`,
        { fix: 'Configure the overlay syncprov for the database, or choose the profile "generic".' },
      );
    return `rid=000,csn=${numbers.join(';')}`;
  },

  async *changes(context, watermark) {
    if (!cookiePattern.test(watermark)) throw fullImportRequired(undefined);
    const { connection, partition, filter, reader, pageSize, timeout, signal } = context;
    const search = connection.search({
      base: partition.dn,
      scope: 'sub',
      filter: `(|${filter}${containerFilter})`,
      attributes: reader.attributes,
      controls: [syncRequest(Buffer.from(watermark))],
      timeout,
      signal,
    });
    let items: ImportItem[] = [];
    const containers: string[] = [];
    for (;;) {
      const next = await search.next().catch((error: unknown) => {
        throw error instanceof LdapError && rejections.has(error.code) ? fullImportRequired(error) : error;
      });
      if (next.done) {
        const done = syncDoneOf(next.value.controls);
        yield { items, containers, ...endingOf(done, watermark) };
        return;
      }
      const item = next.value;
      if (item.kind === 'intermediate') {
        const info = syncInfoOf(item);
        if (info?.kind !== 'ids') continue;
        const kind = info.deleted ? 'deleted' : 'present';
        for (const uuid of info.uuids) items.push({ kind, anchor: toGuidText(uuid, 'uuid') ?? '' });
      } else if (item.kind === 'entry') {
        const state = syncStateOf(item);
        const anchor = toGuidText(state?.uuid, 'uuid') ?? '';
        if (state?.state === 'delete' || state?.state === 'present')
          items.push({ kind: state.state === 'delete' ? 'deleted' : 'present', anchor });
        else if (reader.isContainer(item)) containers.push(item.dn);
        else items.push(reader.read(item));
      }
      if (items.length < pageSize) continue;
      yield { items };
      items = [];
    }
  },
};

/** Without a cookie nothing has changed; a refresh by presence has named everything that is still there. */
function endingOf(done: ReturnType<typeof syncDoneOf>, watermark: string): Partial<FeedPage> {
  if (done?.cookie === undefined) return { watermark };
  return { watermark: Buffer.from(done.cookie).toString(), complete: done.phase === 'present' };
}

function isIn(dn: string, context: string): boolean {
  return isWithin(foldDn(dn) ?? '', foldDn(context) ?? '\0');
}

function fullImportRequired(cause: LdapError | undefined): ImportFailure {
  return new ImportFailure(
    'no-start-full-import-required',
    'warning-no-watermark',
    'The server does not take the watermark of the last import',
    { fix: 'Run a full import.', ...(cause === undefined ? {} : { serverText: cause.message, cause }) },
  );
}
