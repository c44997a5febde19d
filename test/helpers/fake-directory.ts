import { ExportFailure, type ExportTarget } from '#identity/export-target.ts';
import { ImportFailure } from '#identity/import-failure.ts';
import type {
  ImportedObject,
  ImportItem,
  ImportOptions,
  ImportPage,
  ImportSource,
} from '#identity/import-source.ts';
import type { Partition } from '#shared/model/agent.ts';
import { foldDn, isWithin } from '#shared/text/distinguished-name.ts';

/** A directory in memory: its import source shows every change since a watermark, as a changelog would. */
export class FakeDirectory implements ImportSource {
  readonly objects = new Map<string, ImportedObject>();
  readonly changes: string[] = [];
  /** Thrown after this many pages of the next import. */
  failure: { readonly afterPages: number; readonly error: Error } | undefined;
  /** Thrown by the next write. */
  writeFailure: Error | undefined;
  /** Takes writes and shows nothing of them. */
  forgetsWrites = false;
  /** Every write, in words. */
  readonly written: string[] = [];
  readonly exportTarget: ExportTarget = {
    add: async (_, { dn, objectClasses, attributes }) => {
      const object = { anchor: `made:${dn}`, dn, objectType: objectClasses.at(-1) ?? '', attributes };
      this.#write(`add ${dn}`, object.anchor, object);
    },
    update: async (_, { dn, anchor, newDn, changes }) => {
      const before = this.objects.get(anchor);
      if (before === undefined) throw new ExportFailure('cd-missing-object', `${dn} is gone`);
      const merged = Object.entries({ ...before.attributes, ...changes }).filter(
        ([, { length }]) => length > 0,
      );
      const object = { ...before, dn: newDn ?? dn, attributes: Object.fromEntries(merged) };
      this.#write(`update ${dn} ${Object.keys(changes).join(' ')}`.trim(), anchor, object);
    },
    delete: async (_, { dn, anchor }) => this.#write(`delete ${dn}`, anchor, undefined),
    close: async () => undefined,
  };
  /** Runs before each page. */
  beforePage: () => void = () => undefined;

  set(anchor: string, dn: string, attributes: ImportedObject['attributes']): void {
    this.objects.set(anchor, { anchor, dn, objectType: 'user', attributes });
    this.changes.push(anchor);
  }

  delete(anchor: string): void {
    this.objects.delete(anchor);
    this.changes.push(anchor);
  }

  #write(words: string, anchor: string, object: ImportedObject | undefined): void {
    const { writeFailure } = this;
    this.writeFailure = undefined;
    if (writeFailure !== undefined) throw writeFailure;
    this.written.push(words);
    if (this.forgetsWrites) return;
    if (object === undefined) this.objects.delete(anchor);
    else this.objects.set(anchor, object);
    this.changes.push(anchor);
  }

  async *fullImport(partition: Partition, options: ImportOptions): AsyncIterable<ImportPage> {
    const watermark = String(this.changes.length);
    const all = [...this.objects.values()].filter((object) => isIn(object, partition));
    const items = all.map((object) => ({ kind: 'object', object }) as const);
    yield* this.#pages(items, watermark, options);
  }

  async *deltaImport(
    partition: Partition,
    watermark: string,
    options: ImportOptions,
  ): AsyncIterable<ImportPage> {
    const position = Number(watermark);
    if (!(position <= this.changes.length))
      throw new ImportFailure('no-start-full-import-required', 'failed-search', 'The watermark is not known');
    const changed = new Set(this.changes.slice(position));
    const items = [...changed].map((anchor): ImportItem => {
      const object = this.objects.get(anchor);
      return object !== undefined && isIn(object, partition)
        ? { kind: 'object', object }
        : { kind: 'deleted', anchor };
    });
    yield* this.#pages(items, String(this.changes.length), options);
  }

  async fetchObject(partition: Partition, anchor: string): Promise<ImportedObject | undefined> {
    const object = this.objects.get(anchor);
    return object !== undefined && isIn(object, partition) ? object : undefined;
  }

  async testConnection() {
    return [];
  }

  async *#pages(items: readonly ImportItem[], watermark: string, options: ImportOptions) {
    const { failure } = this;
    const count = Math.max(1, Math.ceil(items.length / options.pageSize));
    for (let page = 0; page < count; page += 1) {
      if (failure?.afterPages === page) {
        this.failure = undefined;
        throw failure.error;
      }
      this.beforePage();
      const slice = items.slice(page * options.pageSize, (page + 1) * options.pageSize);
      yield { items: slice, ...(page === count - 1 ? { watermark } : {}) };
    }
  }
}

function isIn({ dn }: ImportedObject, partition: Partition): boolean {
  return isWithin(foldDn(dn) ?? '', foldDn(partition.dn) ?? '');
}
