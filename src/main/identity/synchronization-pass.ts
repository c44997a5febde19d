import type { AgentId, ConnectorId } from '#shared/model/change.ts';

import type { Commit } from './commit.ts';
import type { ConnectorSpace, Slice } from './connector-space.ts';
import { ImportFailure } from './import-failure.ts';
import type { ObjectError } from './run-error.ts';
import type { RunResult } from './run-result.ts';
import { addCounters, emptySynchronization, type SynchronizationStatistics } from './run-statistics.ts';
import type { Synchronizer } from './synchronizer.ts';

/** Objects per transaction: small enough that a password change waits for a few milliseconds only. */
const transactionSize = 200;
/** An object that comes back for review more often than this is passed from person to person without end. */
const mostReviews = 3;
/** Errors that end a run, as in Identity Manager. */
const errorLimit = 5000;

export interface SynchronizationPassDependencies {
  readonly space: ConnectorSpace;
  readonly commit: Commit;
  readonly synchronizer: Synchronizer;
}

export interface SynchronizationStep {
  readonly agent: AgentId;
  readonly partition: string;
  /** Looks at every object again, not only at those with something pending. */
  readonly full: boolean;
  readonly statistics: SynchronizationStatistics;
  readonly fail: (error: ObjectError) => void;
  readonly progress: (objects: number) => void;
  readonly signal: AbortSignal;
}

/** Synchronizes a partition: deletions first, then its objects, then whatever they touched in other agents. */
export class SynchronizationPass {
  readonly #dependencies: SynchronizationPassDependencies;

  constructor(dependencies: SynchronizationPassDependencies) {
    this.#dependencies = dependencies;
  }

  /** Throws `ImportFailure` `stopped-error-limit`; all that was synchronized until then is kept. */
  async run(step: SynchronizationStep): Promise<RunResult> {
    const { space } = this.#dependencies;
    const objects =
      (await this.#walk(step, (slice) => space.deletedIds(slice))) +
      (await this.#walk(step, (slice) => (step.full ? space.allIds(slice) : space.pendingIds(slice))));
    const reviews = await this.#review(step);
    if (step.statistics.errors > 0) return 'completed-sync-errors';
    return objects + reviews === 0 ? 'completed-no-objects' : 'success';
  }

  async #walk(step: SynchronizationStep, next: (slice: Slice) => readonly ConnectorId[]): Promise<number> {
    const { agent, partition } = step;
    let after = 0;
    let objects = 0;
    for (;;) {
      const ids = await this.#synchronize(step, () =>
        next({ agent, partition, after, limit: transactionSize }),
      );
      const last = ids.at(-1);
      if (last === undefined) return objects;
      after = last;
      objects += ids.length;
      step.progress(objects);
    }
  }

  async #review(step: SynchronizationStep): Promise<number> {
    const counts = new Map<ConnectorId, number>();
    let objects = 0;
    for (;;) {
      const ids = await this.#synchronize(
        step,
        () => this.#dependencies.space.reviewIds(transactionSize),
        counts,
      );
      if (ids.length === 0) return objects;
      objects += ids.length;
    }
  }

  /** One transaction; counts and errors are told only once it is on disk. */
  async #synchronize(
    step: SynchronizationStep,
    next: () => readonly ConnectorId[],
    reviews?: Map<ConnectorId, number>,
  ): Promise<readonly ConnectorId[]> {
    step.signal.throwIfAborted();
    const { space, commit, synchronizer } = this.#dependencies;
    const { ids, statistics, errors } = await commit(() => {
      const errors: ObjectError[] = [];
      const written = { ids: next(), statistics: emptySynchronization(), errors };
      const report = { statistics: written.statistics, fail: (error: ObjectError) => errors.push(error) };
      for (const id of written.ids) {
        // Read one by one: an object may have been moved by the one before it.
        const object = space.find(id);
        if (object === undefined) continue;
        const count = (reviews?.get(id) ?? 0) + 1;
        reviews?.set(id, count);
        if (count <= mostReviews) synchronizer.synchronize(object, report);
        else synchronizer.giveUp(object, report);
      }
      return written;
    });
    for (const error of errors) step.fail(error);
    addCounters(step.statistics, statistics);
    if (step.statistics.errors > errorLimit)
      throw new ImportFailure('stopped-error-limit', 'unexpected-error', `More than ${errorLimit} errors`, {
        fix: 'Correct the join rules or the data that the errors name, then run again.',
      });
    return ids;
  }
}
