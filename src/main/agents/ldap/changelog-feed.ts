import { bytesOf, type SearchEntry, textOf } from '#directory/search-entry.ts';
import { ImportFailure } from '#identity/import-failure.ts';
import { foldDn, isWithin } from '#shared/text/distinguished-name.ts';

import type { ChangeFeed, EntryName, FeedPage, ImportContext } from '../change-feed.ts';

/** Attributes of a change record; `changes` itself is never read, it can hold passwords. */
const attributes = ['changeNumber', 'changeType', 'targetDN', 'targetUniqueId', 'newRDN', 'newSuperior'];

interface Changelog {
  readonly base: string;
  readonly first: number;
  readonly last: number;
}

/** Changes by the retro changelog of Sun, Netscape and 389 directories (draft-good-ldap-changelog). */
export const changelogFeed: ChangeFeed = {
  async position(context) {
    return String((await readChangelog(context)).last);
  },

  async *changes(context, watermark) {
    const { base, first, last } = await readChangelog(context);
    const position = Number(watermark);
    if (!Number.isInteger(position) || position > last || position + 1 < first)
      throw new ImportFailure(
        'no-start-full-import-required',
        'warning-no-watermark',
        `The changelog holds changes ${first} to ${last}, the last import ended at ${watermark}`,
        { fix: 'Run a full import; keep changes longer (nsslapd-changelogmaxage) where this comes back.' },
      );
    // By ranges of numbers: the order of a search's answers is the server's own business.
    for (let from = position + 1; from <= last; from += context.pageSize) {
      const to = Math.min(from + context.pageSize - 1, last);
      const records = await context.connection.searchEntries({
        base,
        scope: 'one',
        filter: `(&(changeNumber>=${from})(changeNumber<=${to}))`,
        attributes,
        timeout: context.timeout,
        signal: context.signal,
      });
      yield { ...toFeedPage(context, records), watermark: String(to) };
    }
    if (position === last) yield { watermark };
  },
};

async function readChangelog({ connection, timeout, signal }: ImportContext): Promise<Changelog> {
  const [root] = await connection.searchEntries({
    base: '',
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: ['changelog', 'firstChangeNumber', 'lastChangeNumber'],
    timeout,
    signal,
  });
  const base = root === undefined ? undefined : textOf(root, 'changelog');
  const last = root === undefined ? undefined : textOf(root, 'lastChangeNumber');
  if (root === undefined || base === undefined || last === undefined)
    throw new ImportFailure(
      'no-start-change-log-not-enabled',
      'failed-search',
      'The server shows no changelog',
      {
        fix: 'Enable the Retro Changelog plug-in and let the agent\'s account read cn=changelog, or choose the profile "generic".',
      },
    );
  // Where the account may not read it, a search of the changelog is empty instead of refused.
  const [newest] = await connection.searchEntries({
    base,
    scope: 'one',
    filter: `(changeNumber=${last})`,
    attributes,
    timeout,
    signal,
  });
  if (newest === undefined && Number(last) > 0)
    throw new ImportFailure(
      'no-start-change-log-not-enabled',
      'failed-permission',
      `The account does not see the changes in ${base}`,
      { fix: `Add an access control instruction to ${base} that allows the agent's account to read it.` },
    );
  return { base, first: Number(textOf(root, 'firstChangeNumber') ?? 0), last: Number(last) };
}

/** Records in the order of their numbers; each entry is read once, as it is after all of them. */
function toFeedPage(context: ImportContext, records: readonly SearchEntry[]): FeedPage {
  const partition = foldDn(context.partition.dn) ?? '';
  const changed = new Map<string, EntryName>();
  const sorted = [...records].sort((one, other) => numberOf(one) - numberOf(other));
  for (const record of sorted) {
    const dn = textOf(record, 'targetDN') ?? '';
    const renamed =
      textOf(record, 'changeType')?.toLowerCase() === 'modrdn' ? newDnOf(record, dn) : undefined;
    const isInside = [dn, renamed ?? dn].some((name) => isWithin(foldDn(name) ?? '\0', partition));
    if (!isInside) continue;
    const anchor =
      bytesOf(record, 'targetUniqueId') === undefined ? undefined : textOf(record, 'targetUniqueId');
    if (anchor !== undefined) changed.set(anchor, { anchor: anchor.toLowerCase() });
    else for (const name of [dn, renamed ?? dn]) changed.set(name.toLowerCase(), { dn: name });
  }
  return { changed: [...changed.values()] };
}

function newDnOf(record: SearchEntry, dn: string): string {
  const parent = textOf(record, 'newSuperior') ?? parentOf(dn);
  return [textOf(record, 'newRDN') ?? '', parent].filter((part) => part !== '').join(',');
}

/** What follows the first unescaped comma. */
function parentOf(dn: string): string {
  const rdn = /^(?:\\.|[^\\,])*,/.exec(dn);
  return rdn === null ? '' : dn.slice(rdn[0].length);
}

function numberOf(record: SearchEntry): number {
  return Number(textOf(record, 'changeNumber') ?? 0);
}
