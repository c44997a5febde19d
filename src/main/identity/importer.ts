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
    let objects = 0;
    let last: ImportPage = { items: [] };
    for await (const page of this.#pages(step)) {
      step.signal.throwIfAborted();
      const room = (step.settings.objectLimit ?? Number.POSITIVE_INFINITY) - objects;
      const items = page.items.slice(0, room);
      await this.#stage(step, items, (some, report) => stager.stage(some, report));
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
    if (isComplete && !isFirst) await this.#deleteUnseen(step, stager);
    const { watermark } = last;
    if (step.kind === 'full' || watermark !== undefined)
      await this.#commits.commit(() => this.#space.setWatermark(step.agent, step.partition.dn, watermark));
    const { note } = last;
    if (step.statistics.failures > 0) return { result: 'completed-discovery-errors', note };
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

  async #deleteUnseen(step: ImportStep, stager: Stager): Promise<void> {
    const unseen = this.#space.stagedIds(step.agent, step.partition.dn).filter((id) => !step.seen.has(id));
    this.#checkDeletions(step, step.statistics.deletes + unseen.length);
    await this.#stage(step, unseen, (some, report) => {
      for (const id of some) stager.stageAbsence(id, report);
    });
  }

  /** Stages in transactions of their own; counts only what was written. */
  async #stage<T>(
    step: ImportStep,
    items: readonly T[],
    stage: (some: readonly T[], report: StagingReport) => void,
  ): Promise<void> {
    for (let start = 0; start < items.length; start += transactionSize) {
      const { statistics, shown, errors } = await this.#commits.repeatable(() => {
        const shown: ConnectorId[] = [];
        const errors: ObjectError[] = [];
        const written = { statistics: emptyStaging(), shown, errors };
        const report = {
          statistics: written.statistics,
          seen: (id: ConnectorId) => shown.push(id),
          fail: (error: ObjectError) => errors.push(error),
        };
        stage(items.slice(start, start + transactionSize), report);
        this.#checkDeletions(step, step.statistics.deletes + written.statistics.deletes);
        return written;
      });
      for (const id of shown) step.seen.add(id);
      for (const error of errors) step.fail(error);
      addCounters(step.statistics, statistics);
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
