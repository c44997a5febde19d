import { ImportFailure } from '#identity/import-failure.ts';
import type { ImportItem } from '#identity/import-source.ts';
import type { ChangeFeed } from '../change-feed.ts';
import { containerFilter } from '../entry-reader.ts';

/** Covers a clock that differs by the five minutes that Kerberos allows, and imports that overtake a commit. */
const overlap = 600_000;

/**
 * Changes by modifyTimestamp, for directories that keep no changelog. It never shows a deletion, nor who left the
 * partition's filter: a full import does.
 */
export function createTimestampFeed(now: () => number): ChangeFeed {
  const position = () => String(now() - overlap);
  return {
    position: async () => position(),

    async *changes({ connection, partition, filter, reader, pageSize, timeout, signal }, watermark) {
      const since = Number(watermark);
      if (!Number.isFinite(since))
        throw new ImportFailure(
          'no-start-full-import-required',
          'warning-no-watermark',
          `"${watermark}" is no time stamp`,
          { fix: 'Run a full import.' },
        );
      const next = position();
      const search = connection.search({
        base: partition.dn,
        scope: 'sub',
        filter: `(&(modifyTimestamp>=${toGeneralizedTime(since)})(|${filter}${containerFilter}))`,
        attributes: reader.attributes,
        pageSize,
        timeout,
        signal,
      });
      let items: ImportItem[] = [];
      const containers: string[] = [];
      for await (const item of search) {
        if (item.kind !== 'entry') continue;
        if (reader.isContainer(item)) containers.push(item.dn);
        else items.push(reader.read(item));
        if (items.length < pageSize) continue;
        yield { items };
        items = [];
      }
      yield {
        items,
        containers,
        watermark: next,
        note: 'This directory tells no deletions: they show at the next full import',
      };
    },
  };
}

/** `20260131235959Z` (RFC 4517 3.3.13). */
function toGeneralizedTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}
