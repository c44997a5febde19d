import type { Partition } from '#shared/model/agent.ts';
import type { AgentId, ConnectorId } from '#shared/model/change.ts';
import type { RunStep } from '#shared/model/run-profile.ts';

import type { Commits } from './commit.ts';
import type { ConnectorSpace } from './connector-space.ts';
import { ImportFailure } from './import-failure.ts';
import type { ImportPage, ImportSource } from './import-source.ts';
import type { PendingExports } from './pending-exports.ts';
import type { ObjectError } from './run-error.ts';
import type { RunResult } from './run-result.ts';
import { addCounters, emptyStaging, type StagingStatistics } from './run-statistics.ts';
import { Stager, type StagingReport } from './stager.ts';

/** Objects per transaction: small enough that a password change waits for a few milliseconds only. */
const transactionSize = 500;

export interface ImportStep {
  readonly agent: AgentId;
  readonly partition: Partition;
  readonly source: ImportSource;
  readonly kind: 'full' | 'delta';
  readonly settings: RunStep;
  readonly statistics: StagingStatistics;
  /** Everything that this import or a single import beside it has shown to exist. */
  readonly seen: Set<ConnectorId>;
  readonly fail: (error: ObjectError) => void;
  readonly progress: (objects: number) => void;
  readonly signal: AbortSignal;
}

/** An import that is going on. */
interface Reading extends ImportStep {
  readonly stager: Stager;
  readonly tally: {
    /** Records that cannot be read and do not say whose they are. */
    nameless: number;
    /** Exports that the directory took and does not show. */
    unconfirmed: number;
  };
}

export interface ImportOutcome {
  readonly result: RunResult;
  /** What the directory cannot tell. */
  readonly note: string | undefined;
}

/** Stages what a directory shows, page by page; deletes what is gone only once the import is complete. */
export class Importer {
  readonly #space: ConnectorSpace;
  readonly #exports: PendingExports;
  readonly #commits: Commits;

  constructor(space: ConnectorSpace, exports: PendingExports, commits: Commits) {
    this.#space = space;
    this.#exports = exports;
    this.#commits = commits;
  }

  /** Throws `ImportFailure` where the step could not start or go on; every page before that is kept. */
  async run(step: ImportStep): Promise<ImportOutcome> {
    const { agent, partition } = step;
    const isFirst = step.kind === 'full' && this.#space.count(agent) === 0;
    const stager = new Stager({ space: this.#space, exports: this.#exports, agent, partition, isFirst });
    const reading = { ...step, stager, tally: { nameless: 0, unconfirmed: 0 } };
    let objects = 0;
    let last: ImportPage = { items: [] };
    for await (const page of this.#pages(step)) {
      step.signal.throwIfAborted();
      const room = (step.settings.objectLimit ?? Number.POSITIVE_INFINITY) - objects;
      const items = page.items.slice(0, room);
      await this.#stage(reading, items, (some, report) => stager.stage(some, report));
      objects += items.length;
      step.progress(objects);
      if (page.items.length > room)
        throw stop('stopped-object-limit', `Stopped after ${objects} objects, the step's limit`);
      last = page;
    }
    const isComplete = step.kind === 'full' || last.complete === true;
    if (isComplete && objects === 0 && this.#space.stagedIds(step.agent, step.partition.dn).length > 0)
      throw stop('completed-no-objects', 'The directory showed no object, so nothing was deleted', {
        fix: "Check that the agent's account may read the partition and that its filter and containers are right.",
      });
    // Of a first import nothing is left over.
    const kept = isComplete && !isFirst ? await this.#deleteUnseen(reading) : undefined;
    if (isComplete) await this.#stage(reading, [undefined], (_, report) => stager.missAdds(report));
    const { watermark } = last;
    if (step.kind === 'full' || watermark !== undefined)
      await this.#commits.commit(() => this.#space.setWatermark(step.agent, step.partition.dn, watermark));
    const note = [last.note, kept].filter((part) => part !== undefined).join('; ') || undefined;
    if (step.statistics.failures > 0) return { result: 'completed-discovery-errors', note };
    if (reading.tally.unconfirmed > 0) return { result: 'completed-warnings', note };
    return { result: objects === 0 ? 'completed-no-objects' : 'success', note };
  }

  #pages({ agent, partition, source, kind, settings, signal }: ImportStep): AsyncIterable<ImportPage> {
    const options = { pageSize: settings.pageSize, timeout: settings.timeout * 1000, signal };
    if (kind === 'full') return source.fullImport(partition, options);
    const watermark = this.#space.watermark(agent, partition.dn);
    if (watermark === undefined)
      throw new ImportFailure(
        'no-start-full-import-required',
        'warning-no-watermark',
        `No full import of ${partition.dn} has been completed`,
        { fix: 'Run a full import first.' },
      );
    return source.deltaImport(partition, watermark, options);
  }

  /** Returns why nothing was deleted, where that is so. */
  async #deleteUnseen(reading: Reading): Promise<string | undefined> {
    const { agent, partition, seen, statistics, stager, tally } = reading;
    const unseen = this.#space.stagedIds(agent, partition.dn).filter((id) => !seen.has(id));
    // What cannot be read and says nothing of whose it is may be any of those that were not shown.
    if (tally.nameless > 0 && unseen.length > 0)
      return `Nothing was deleted: the objects that were not shown (${unseen.length}) may be the records that cannot be read (${tally.nameless}) | Correct the records that the errors name, and import again.`;
    this.#checkDeletions(reading, statistics.deletes + unseen.length);
    await this.#stage(reading, unseen, (some, report) => {
      for (const id of some) stager.stageAbsence(id, report);
    });
    return undefined;
  }

  /** Stages in transactions of their own; counts only what was written. */
  async #stage<T>(
    reading: Reading,
    items: readonly T[],
    stage: (some: readonly T[], report: StagingReport) => void,
  ): Promise<void> {
    for (let start = 0; start < items.length; start += transactionSize) {
      const written = await this.#commits.repeatable(() => {
        const shown: ConnectorId[] = [];
        const errors: ObjectError[] = [];
        const written = { statistics: emptyStaging(), shown, errors, nameless: 0 };
        const report = {
          statistics: written.statistics,
          seen: (id: ConnectorId) => shown.push(id),
          fail: (error: ObjectError) => errors.push(error),
          nameless: () => {
            written.nameless += 1;
          },
        };
        stage(items.slice(start, start + transactionSize), report);
        this.#checkDeletions(reading, reading.statistics.deletes + written.statistics.deletes);
        return written;
      });
      for (const id of written.shown) reading.seen.add(id);
      for (const error of written.errors) {
        if (error.word === 'exported-change-not-reimported') reading.tally.unconfirmed += 1;
        reading.fail(error);
      }
      reading.tally.nameless += written.nameless;
      addCounters(reading.statistics, written.statistics);
    }
  }

  #checkDeletions({ settings }: ImportStep, deletions: number): void {
    if (deletions <= (settings.deletionLimit ?? Number.POSITIVE_INFINITY)) return;
    throw stop(
      'stopped-deletion-limit',
      `The import would delete more than ${settings.deletionLimit} objects, the step's limit`,
      { fix: 'Check the directory, then raise the limit of the run step if the deletions are meant.' },
    );
  }
}

function stop(result: RunResult, message: string, detail?: { readonly fix: string }): ImportFailure {
  return new ImportFailure(result, 'staging-error', message, detail);
}
