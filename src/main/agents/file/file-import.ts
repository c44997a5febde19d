import { type BigIntStats, constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';

import { ImportFailure } from '#identity/import-failure.ts';
import type {
  ConnectionStep,
  ImportedObject,
  ImportItem,
  ImportOptions,
  ImportPage,
  ImportSource,
} from '#identity/import-source.ts';
import type { FileAgent, Partition } from '#shared/model/agent.ts';

import { testSteps } from '../test-steps.ts';
import { AnchorSet } from './anchor-set.ts';
import { describePlace } from './describe-place.ts';
import { FileProblem } from './file-problem.ts';
import { createFileReader } from './file-reader.ts';
import type { FileItem, FileRecord } from './file-record.ts';
import { readFileText } from './file-text.ts';

/** Bad records that a connection test lets pass before it gives up. */
const testPatience = 100;

/** The reading half of the file agents: one pass over the text, in memory that does not grow with the file. */
export class FileImport implements ImportSource {
  readonly #agent: FileAgent;

  constructor(agent: FileAgent) {
    this.#agent = agent;
  }

  async *fullImport(partition: Partition, options: ImportOptions): AsyncGenerator<ImportPage> {
    const before = await this.#look();
    let hasChanges = false;
    for await (const { items, isChange } of this.#pages(partition, options, false)) {
      hasChanges ||= isChange;
      yield { items };
    }
    await this.#requireSame(before);
    yield { items: [], watermark: stampOf(before), ...(hasChanges && { note: 'The file holds changes' }) };
  }

  /**
   * A file that has not changed since is not read. One that has is compared as a whole, unless it is LDIF or DSML with
   * changes in it: then it names nothing but those.
   */
  async *deltaImport(
    partition: Partition,
    watermark: string,
    options: ImportOptions,
  ): AsyncGenerator<ImportPage> {
    const before = await this.#look();
    const stamp = stampOf(before);
    if (stamp === watermark) {
      yield { items: [], watermark };
      return;
    }
    let hasChanges = false;
    for await (const { items, isChange } of this.#pages(partition, options, true)) {
      hasChanges ||= isChange;
      yield { items };
    }
    await this.#requireSame(before);
    yield { items: [], watermark: stamp, complete: !hasChanges };
  }

  async fetchObject(
    partition: Partition,
    anchor: string,
    signal: AbortSignal,
  ): Promise<ImportedObject | undefined> {
    for await (const { items } of this.#pages(partition, { pageSize: 500, signal }, false))
      for (const item of items)
        if (item.kind === 'object' && item.object.anchor === anchor) return item.object;
    return undefined;
  }

  testConnection(signal: AbortSignal): Promise<readonly ConnectionStep[]> {
    const { connection, partitions } = this.#agent;
    return testSteps(
      async (attempt) => {
        await attempt('connect', async () => {
          const { size } = await this.#look();
          return `${connection.path}, ${size} bytes`;
        });
        const [partition] = partitions;
        if (partition === undefined) return;
        await attempt('read', () => this.#readSample(partition, signal));
      },
      (error) => error,
    );
  }

  /** The first records as the file writes them, and the columns as its header spells them. */
  async readRecords(
    limit: number,
    signal: AbortSignal,
  ): Promise<{ readonly columns: readonly string[]; readonly records: readonly FileRecord['values'][] }> {
    const [partition] = this.#agent.partitions;
    if (partition === undefined) return { columns: [], records: [] };
    const parser = createFileReader(this.#agent, partition).createParser();
    const records: FileRecord['values'][] = [];
    try {
      for await (const text of readFileText(this.#agent.connection, signal)) {
        for (const item of parser.push(text)) if (item.kind === 'record') records.push(item.values);
        if (records.length >= limit) break;
      }
      if (records.length < limit)
        for (const item of parser.end()) if (item.kind === 'record') records.push(item.values);
    } catch (error) {
      throw this.#failure(error);
    }
    return { columns: parser.columns ?? [], records: records.slice(0, limit) };
  }

  async #readSample(partition: Partition, signal: AbortSignal): Promise<string> {
    let patience = testPatience;
    let complaint: string | undefined;
    for await (const { items } of this.#pages(partition, { pageSize: 1, signal }, false))
      for (const item of items) {
        if (item.kind === 'object') return `reads ${item.object.dn}`;
        if (item.kind === 'unreadable') complaint ??= item.detail;
        patience -= 1;
        if (patience === 0) break;
      }
    if (complaint === undefined) return 'the file shows no object';
    throw this.#failure(
      new FileProblem('stopped-parsing-errors', 'parse-error', `No record can be read: ${complaint}`),
    );
  }

  async *#pages(
    partition: Partition,
    { pageSize, signal }: Pick<ImportOptions, 'pageSize' | 'signal'>,
    isDelta: boolean,
  ): AsyncGenerator<{ readonly items: readonly ImportItem[]; readonly isChange: boolean }> {
    const reader = createFileReader(this.#agent, partition);
    const parser = reader.createParser();
    const anchors = new AnchorSet();
    let items: ImportItem[] = [];
    let isChange = false;
    const take = (record: FileItem): void => {
      if (record.kind === 'record' && record.change !== 'content') isChange = true;
      items.push(refuseDouble(reader.toItem(record, isDelta), record, anchors, this.#agent.connection.path));
    };
    try {
      for await (const text of readFileText(this.#agent.connection, signal)) {
        for (const record of parser.push(text)) {
          take(record);
          if (items.length < pageSize) continue;
          yield { items, isChange };
          items = [];
        }
      }
      for (const record of parser.end()) take(record);
    } catch (error) {
      // What was whole before the fault counts.
      if (items.length > 0) yield { items, isChange };
      throw this.#failure(error);
    }
    yield { items, isChange };
  }

  async #look(): Promise<BigIntStats> {
    const { path } = this.#agent.connection;
    try {
      const facts = await stat(path, { bigint: true });
      if (!facts.isFile())
        throw new FileProblem('no-start-bad-ma-configuration', 'read-error', 'It is no file');
      await access(path, constants.R_OK);
      return facts;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Half of an old and half of a new file would delete people who are in both. */
  async #requireSame(before: BigIntStats): Promise<void> {
    if (stampOf(await this.#look()) === stampOf(before)) return;
    throw this.#failure(
      new FileProblem('stopped-file-error', 'read-error', 'It was written while it was read', {
        fix: 'Write to a file beside it and rename that, and run the import again.',
      }),
    );
  }

  #failure(error: unknown): unknown {
    const { path } = this.#agent.connection;
    if (error instanceof FileProblem) {
      const at = error.place === undefined ? path : describePlace(path, error.place);
      return new ImportFailure(error.result, error.word, `${at}: ${error.message}`, {
        cause: error,
        ...(error.fix !== undefined && { fix: error.fix }),
      });
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined || code === 'ABORT_ERR') return error;
    if (code === 'ENOENT')
      return new ImportFailure('no-start-file-not-found', 'read-error', `${path} does not exist`, {
        fix: 'Put the file there, or correct the path of the agent.',
        cause: error,
      });
    if (code === 'EACCES' || code === 'EPERM')
      return new ImportFailure(
        'no-start-file-access-denied',
        'failed-permission',
        `${path} may not be read`,
        {
          fix: 'Give the account of the service the right to read it.',
          cause: error,
        },
      );
    return new ImportFailure('stopped-file-error', 'read-error', `${path} cannot be read (${code})`, {
      cause: error,
    });
  }
}

/** What shows that a file is still the same: its size, its time, and its place on the disk. */
function stampOf({ size, mtimeNs, ino }: BigIntStats): string {
  return `${size}:${mtimeNs}:${ino}`;
}

/** The first object of an anchor counts. */
function refuseDouble(item: ImportItem, { place }: FileItem, anchors: AnchorSet, path: string): ImportItem {
  if (item.kind !== 'object' || !anchors.add(item.object.anchor)) return item;
  const { anchor, dn } = item.object;
  return {
    kind: 'unreadable',
    word: 'duplicate-object',
    dn,
    detail: `${describePlace(path, place)}: "${anchor}" stands in the file twice; the first one counts`,
  };
}
