import type { AgentId } from '#shared/model/change.ts';

import type { Commit } from './commit.ts';
import type { ConnectorSpace } from './connector-space.ts';
import type { PendingExports } from './pending-exports.ts';
import type { ObjectError } from './run-error.ts';
import type { RunResult } from './run-result.ts';
import { addCounters, emptySynchronization, type SynchronizationStatistics } from './run-statistics.ts';
import type { Synchronizer } from './synchronizer.ts';

/** Objects per transaction: small enough that a password change waits for a few milliseconds only. */
const transactionSize = 200;

export interface SpaceClearingDependencies {
  readonly space: ConnectorSpace;
  readonly exports: PendingExports;
  readonly commit: Commit;
  readonly synchronizer: Synchronizer;
}

export interface ClearingStep {
  readonly agent: AgentId;
  readonly statistics: SynchronizationStatistics;
  readonly fail: (error: ObjectError) => void;
  readonly signal: AbortSignal;
}

/**
 * Delete Connector Space: takes every object of an agent off its person and forgets it, as if the directory had shown
 * that all are gone. What other agents' join rules make of the persons is left to their next synchronization.
 */
export class SpaceClearing {
  readonly #dependencies: SpaceClearingDependencies;

  constructor(dependencies: SpaceClearingDependencies) {
    this.#dependencies = dependencies;
  }

  /** What was taken out until `signal` aborts stays out. */
  async run({ agent, statistics, fail, signal }: ClearingStep): Promise<RunResult> {
    const { space, exports, commit } = this.#dependencies;
    await commit(() => {
      exports.removeAdds(agent);
      // Before anything is gone: a delta import would never bring back what a stop leaves out.
      space.forgetWatermarks(agent);
    });
    for (;;) {
      signal.throwIfAborted();
      const { count, counters, errors } = await commit(() => this.#takeSome(agent));
      for (const error of errors) fail(error);
      addCounters(statistics, counters);
      if (count > 0) continue;
      if (statistics.errors > 0) return 'completed-sync-errors';
      return statistics.connectorDeletes === 0 ? 'completed-no-objects' : 'success';
    }
  }

  /** One transaction; counts and errors are told only once it is on disk. */
  #takeSome(agent: AgentId) {
    const { space, synchronizer } = this.#dependencies;
    const errors: ObjectError[] = [];
    const counters = emptySynchronization();
    const ids = space.idsOf(agent, transactionSize);
    for (const id of ids) {
      const object = space.find(id);
      if (object === undefined) continue;
      synchronizer.synchronize(
        { ...object, pending: 'delete' },
        { statistics: counters, fail: (error) => errors.push(error) },
      );
    }
    return { count: ids.length, counters, errors };
  }
}
