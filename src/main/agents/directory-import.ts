import type { LdapConnection, SearchRequest } from '#directory/ldap-connection.ts';
import { LdapError } from '#directory/ldap-error.ts';
import type { SearchEntry } from '#directory/search-entry.ts';
import { ImportFailure } from '#identity/import-failure.ts';
import type {
  ConnectionStep,
  ImportedObject,
  ImportItem,
  ImportOptions,
  ImportPage,
  ImportSource,
} from '#identity/import-source.ts';
import { compileScope } from '#identity/scope.ts';
import type { DirectoryAgent, Partition } from '#shared/model/agent.ts';
import { foldDn, isWithin } from '#shared/text/distinguished-name.ts';
import type { ChangeFeed, EntryName, ImportContext } from './change-feed.ts';
import { queryAnchor, readAnchor } from './directory-anchor.ts';
import { type DirectoryTraits, traitsOf } from './directory-traits.ts';
import { containerFilter, createEntryReader, type EntryReader } from './entry-reader.ts';
import { type ImportPhase, importFailureOf } from './import-failure-of.ts';

/** Entries asked for by name at once; servers limit the length of a filter. */
const batchSize = 100;
const fetchTimeout = 10_000;

export interface DirectoryImportDependencies {
  readonly agent: DirectoryAgent;
  readonly feed: ChangeFeed;
  /** Opens a connection and signs the agent in. */
  readonly connect: (signal: AbortSignal) => Promise<LdapConnection>;
  readonly testConnection: (signal: AbortSignal) => Promise<readonly ConnectionStep[]>;
}

/** The reading half of the LDAP management agents. */
export class DirectoryImport implements ImportSource {
  readonly #dependencies: DirectoryImportDependencies;
  readonly #traits: DirectoryTraits;
  readonly #reader: EntryReader;

  constructor(dependencies: DirectoryImportDependencies) {
    this.#dependencies = dependencies;
    this.#traits = traitsOf(dependencies.agent);
    this.#reader = createEntryReader(dependencies.agent, this.#traits);
  }

  fullImport(partition: Partition, options: ImportOptions): AsyncIterable<ImportPage> {
    return this.#session(partition, options, (context) => this.#readAll(context));
  }

  deltaImport(partition: Partition, watermark: string, options: ImportOptions): AsyncIterable<ImportPage> {
    return this.#session(partition, options, (context) => this.#readChanges(context, watermark));
  }

  async fetchObject(
    partition: Partition,
    anchor: string,
    signal: AbortSignal,
  ): Promise<ImportedObject | undefined> {
    const options = { pageSize: 1, timeout: fetchTimeout, signal };
    for await (const { items } of this.#session(partition, options, (context) =>
      this.#readOne(context, anchor),
    )) {
      const [item] = items;
      if (item?.kind !== 'object') continue;
      const dn = foldDn(item.object.dn);
      return dn !== undefined && compileScope(partition)(dn) ? item.object : undefined;
    }
    return undefined;
  }

  testConnection(signal: AbortSignal): Promise<readonly ConnectionStep[]> {
    return this.#dependencies.testConnection(signal);
  }

  /** Runs one reading over a connection of its own and puts failures in the words of run results. */
  async *#session(
    partition: Partition,
    { pageSize, timeout, signal }: ImportOptions,
    read: (context: ImportContext) => AsyncIterable<ImportPage>,
  ): AsyncIterable<ImportPage> {
    let phase: ImportPhase = 'sign-in';
    let connection: LdapConnection | undefined;
    try {
      connection = await this.#dependencies.connect(signal);
      phase = 'start';
      const context = {
        connection,
        partition,
        traits: this.#traits,
        reader: this.#reader,
        filter: partition.filter ?? this.#traits.filter,
        pageSize,
        timeout,
        signal,
      };
      for await (const page of read(context)) {
        yield page;
        if (page.items.length > 0) phase = 'middle';
      }
    } catch (error) {
      throw importFailureOf(error, phase, `Importing ${partition.dn}`);
    } finally {
      await connection?.close();
    }
  }

  async *#readAll(context: ImportContext): AsyncIterable<ImportPage> {
    await this.#requireBases(context);
    // First the position, then the entries: what changes in between shows twice instead of never.
    const watermark = await this.#dependencies.feed.position(context);
    for (const base of basesOf(context.partition)) {
      yield* this.#readBelow(context, base);
    }
    yield { items: [], watermark };
  }

  async *#readChanges(context: ImportContext, watermark: string): AsyncIterable<ImportPage> {
    await this.#requireBases(context);
    let last: ImportPage = { items: [] };
    for await (const page of this.#dependencies.feed.changes(context, watermark)) {
      const reread = await this.#reread(context, page.changed ?? []);
      const items = [...(page.items ?? []), ...reread.items];
      if (items.length > 0) yield { items };
      for (const container of [...(page.containers ?? []), ...reread.containers])
        yield* this.#readBelow(context, container);
      last = {
        items: [],
        ...(page.watermark === undefined ? {} : { watermark: page.watermark }),
        ...(page.complete === undefined ? {} : { complete: page.complete }),
        ...(page.note === undefined ? {} : { note: page.note }),
      };
    }
    yield last;
  }

  /**
   * A container with a new name must not look like one whose people are gone: 389 answers a paged search of what is
   * not there with nothing.
   */
  async #requireBases(context: ImportContext): Promise<void> {
    for (const base of basesOf(context.partition)) {
      const request = { ...this.#request(context, base, '(objectClass=*)'), attributes: ['1.1'] };
      try {
        await context.connection.searchEntries({ ...request, scope: 'base' });
      } catch (error) {
        if (!(error instanceof LdapError) || error.code !== 32) throw error;
        throw new ImportFailure(
          'no-start-bad-ma-configuration',
          'failed-search',
          `"${base}" is not there, so nothing was imported and nothing deleted`,
          {
            fix: 'Correct the partition and its containers: it may have a new name by now.',
            serverText: error.message,
            cause: error,
          },
        );
      }
    }
  }

  async *#readBelow(context: ImportContext, base: string): AsyncIterable<ImportPage> {
    const { pageSize, filter } = context;
    const request = { ...this.#request(context, base, filter), pageSize, encoded: true };
    const search = context.connection.searchBatches(request);
    let items: ImportItem[] = [];
    for await (const batch of search) {
      for (const item of batch) if (item.kind === 'encoded') items.push(this.#reader.readEncoded(item));
      if (items.length < pageSize) continue;
      yield { items };
      items = [];
    }
    if (items.length > 0) yield { items };
  }

  async *#readOne(context: ImportContext, anchor: string): AsyncIterable<ImportPage> {
    const entries = await this.#find(context, [anchor], context.filter);
    yield { items: entries.map((entry) => this.#reader.read(entry)) };
  }

  /** Reads named entries as they are now; one that cannot be read any more is a deletion. */
  async #reread(context: ImportContext, names: readonly EntryName[]) {
    const items: ImportItem[] = [];
    const containers: string[] = [];
    const filter = `(|${context.filter}${containerFilter})`;
    const take = (entry: SearchEntry) => {
      if (this.#reader.isContainer(entry)) containers.push(entry.dn);
      else items.push(this.#reader.read(entry));
    };
    const anchors = [...new Set(names.flatMap((name) => ('anchor' in name ? [name.anchor] : [])))];
    for (const batch of batchesOf(anchors)) {
      const gone = new Set(batch);
      for (const entry of await this.#find(context, batch, filter)) {
        gone.delete(readAnchor(entry, this.#traits.anchor) ?? '');
        take(entry);
      }
      for (const anchor of gone) items.push({ kind: 'deleted', anchor });
    }
    for (const batch of batchesOf(names.flatMap((name) => ('dn' in name ? [name.dn] : [])))) {
      const found = await Promise.all(batch.map((dn) => this.#findBase(context, dn, filter)));
      for (const [index, entry] of found.entries()) {
        if (entry !== undefined) take(entry);
        else items.push({ kind: 'deleted', dn: batch[index] ?? '' });
      }
    }
    return { items, containers };
  }

  async #find(
    context: ImportContext,
    anchors: readonly string[],
    filter: string,
  ): Promise<readonly SearchEntry[]> {
    const queries = anchors.map((anchor) => queryAnchor(anchor, this.#traits.anchor));
    const filters = queries.flatMap((query) => ('filter' in query ? [query.filter] : []));
    const bases = queries.flatMap((query) => ('base' in query ? [query.base] : []));
    const request = this.#request(context, context.partition.dn, `(&${filter}(|${filters.join('')}))`);
    const [byFilter, byBase] = await Promise.all([
      filters.length === 0 ? [] : context.connection.searchEntries(request),
      Promise.all(bases.map((base) => this.#findBase(context, base, filter))),
    ]);
    const root = foldDn(context.partition.dn) ?? '';
    const isInside = ({ dn }: SearchEntry) => isWithin(foldDn(dn) ?? '\0', root);
    return [...byFilter, ...byBase.filter((entry) => entry !== undefined).filter(isInside)];
  }

  async #findBase(context: ImportContext, base: string, filter: string): Promise<SearchEntry | undefined> {
    try {
      const request: SearchRequest = { ...this.#request(context, base, filter), scope: 'base' };
      return (await context.connection.searchEntries(request))[0];
    } catch (error) {
      if (error instanceof LdapError && error.code === 32) return undefined;
      throw error;
    }
  }

  #request({ timeout, signal }: ImportContext, base: string, filter: string): SearchRequest {
    return { base, scope: 'sub', filter, attributes: this.#reader.attributes, timeout, signal };
  }
}

/** Where a full import searches: the included containers, without those that lie in another one. */
function basesOf(partition: Partition): readonly string[] {
  if (partition.include.length === 0) return [partition.dn];
  const containers = partition.include.map((dn) => ({ dn, folded: foldDn(dn) }));
  return containers
    .filter(({ dn, folded }, index) => {
      if (folded === undefined)
        throw new ImportFailure('no-start-bad-ma-configuration', 'failed-search', `"${dn}" is no container`);
      return !containers.some(
        (other, place) =>
          other.folded !== undefined &&
          isWithin(folded, other.folded) &&
          (other.folded !== folded || place < index),
      );
    })
    .map(({ dn }) => dn);
}

function batchesOf<T>(all: readonly T[]): readonly (readonly T[])[] {
  const batches: T[][] = [];
  for (let start = 0; start < all.length; start += batchSize)
    batches.push(all.slice(start, start + batchSize));
  return batches;
}
