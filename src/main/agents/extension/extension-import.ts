import type {
  ConnectionStep,
  ImportedObject,
  ImportItem,
  ImportOptions,
  ImportPage,
  ImportSource,
} from '#identity/import-source.ts';
import type { ExtensionAgent, Partition } from '#shared/model/agent.ts';
import { nameRecord } from '#shared/text/record-name.ts';

import { importedNames } from '../imported-names.ts';
import { PagePace } from '../page-pace.ts';
import type { OptionalCredentials } from '../password-links.ts';
import { testSteps } from '../test-steps.ts';
import { importFailureOf } from './extension-failure.ts';
import { ExtensionLink } from './extension-link.ts';
import type { ExtensionObject } from './extension-message.ts';

/** How long a connection test may read, milliseconds. */
const testTimeout = 30_000;

/** The reading half of extensible connectivity. */
export class ExtensionImport implements ImportSource {
  readonly #agent: ExtensionAgent;
  readonly #credentials: OptionalCredentials;
  readonly #wanted: ReadonlyMap<string, string>;

  constructor(agent: ExtensionAgent, credentials: OptionalCredentials) {
    this.#agent = agent;
    this.#credentials = credentials;
    this.#wanted = importedNames(agent);
  }

  fullImport(partition: Partition, options: ImportOptions): AsyncIterable<ImportPage> {
    return this.#import(partition, undefined, options);
  }

  deltaImport(partition: Partition, watermark: string, options: ImportOptions): AsyncIterable<ImportPage> {
    return this.#import(partition, watermark, options);
  }

  async fetchObject(
    partition: Partition,
    anchor: string,
    signal: AbortSignal,
  ): Promise<ImportedObject | undefined> {
    return await this.#session(signal, async (link) => {
      if (link.features.has('fetch')) {
        const found = await link.fetchObject(anchor, signal);
        return found && this.#toObject(found, partition);
      }
      for await (const line of link.importObjects(undefined, signal))
        if (line.kind === 'object' && line.object.anchor === anchor)
          return this.#toObject(line.object, partition);
      return undefined;
    });
  }

  testConnection(signal: AbortSignal): Promise<readonly ConnectionStep[]> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(testTimeout)]);
    return testSteps(
      async (attempt) => {
        const opened: ExtensionLink[] = [];
        try {
          await attempt('connect', async () => {
            const link = await this.#open(limited);
            opened.push(link);
            return `"${this.#agent.connection.command}" offers ${[...link.features].join(', ') || 'nothing'}`;
          });
          const [link] = opened;
          if (link === undefined) return;
          await attempt('tls', async () =>
            link.secure ? 'the extension vouches for protection' : 'the extension vouches for no protection',
          );
          if (link.features.has('import'))
            await attempt('read', async () => {
              for await (const line of link.importObjects(undefined, limited))
                if (line.kind === 'object') return `reads ${line.object.anchor}`;
              return 'there is no object';
            });
        } finally {
          for (const link of opened) link.kill();
        }
      },
      (error) => importFailureOf(error, this.#agent.name),
    );
  }

  async *#import(
    partition: Partition,
    watermark: string | undefined,
    { pageSize, timeout, signal }: ImportOptions,
  ): AsyncGenerator<ImportPage> {
    const pace = new PagePace(timeout, signal);
    let link: ExtensionLink | undefined;
    try {
      link = await this.#open(pace.signal);
      let items: ImportItem[] = [];
      let last: string | undefined;
      for await (const line of link.importObjects(watermark, pace.signal)) {
        if (line.kind === 'end') last = line.watermark;
        else if (line.kind === 'object')
          items.push({ kind: 'object', object: this.#toObject(line.object, partition) });
        else if (line.kind === 'deleted') items.push({ kind: 'deleted', anchor: line.anchor });
        else items.push({ kind: 'unreadable', word: 'parse-error', dn: '', detail: line.detail });
        if (items.length < pageSize) continue;
        pace.rest();
        yield { items };
        pace.begin();
        items = [];
      }
      yield { items, ...(last !== undefined && { watermark: last }) };
    } catch (error) {
      throw importFailureOf(error, this.#agent.name);
    } finally {
      pace.rest();
      await link?.close();
    }
  }

  async #session<T>(signal: AbortSignal, work: (link: ExtensionLink) => Promise<T>): Promise<T> {
    let link: ExtensionLink | undefined;
    try {
      link = await this.#open(signal);
      return await work(link);
    } catch (error) {
      throw importFailureOf(error, this.#agent.name);
    } finally {
      await link?.close();
    }
  }

  async #open(signal: AbortSignal): Promise<ExtensionLink> {
    const { id, name, connection } = this.#agent;
    const credential = await this.#credentials(id);
    return await ExtensionLink.open({ extension: connection, agent: name, credential, signal });
  }

  #toObject({ anchor, dn, type, attributes }: ExtensionObject, partition: Partition): ImportedObject {
    const kept = Object.entries(attributes).flatMap(([name, values]) => {
      const spelling = this.#wanted.get(name.toLowerCase());
      return spelling === undefined
        ? []
        : [[spelling, typeof values === 'string' ? [values] : values] as const];
    });
    return {
      anchor,
      dn: dn ?? nameRecord(anchor, partition.dn),
      objectType: type ?? 'person',
      attributes: Object.fromEntries(kept),
    };
  }
}
