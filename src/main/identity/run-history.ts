import type { AgentId } from '#shared/model/change.ts';
import type { RunStepType } from '#shared/model/run-profile.ts';

import type { RunError } from './run-error.ts';
import type { RunResult } from './run-result.ts';
import type { RunStatistics } from './run-statistics.ts';

/** Stands in the history like a run: Delete Connector Space. */
export const clearingStep = 'delete-connector-space';

/** One step of a run over one partition. */
export interface RunStepRecord {
  readonly type: RunStepType | typeof clearingStep;
  readonly partition: string;
  readonly result: RunResult;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly statistics: RunStatistics;
  /** Why it ended as it did, where that is not success: the fact and what to do about it. */
  readonly detail?: string;
}

export interface RunRecord {
  readonly run: number;
  readonly agent: AgentId;
  readonly profile: string;
  readonly result: RunResult;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly steps: readonly RunStepRecord[];
  /** Errors on single objects, over all steps. */
  readonly errors: number;
}

/** The Operations list. A promise resolves when the write is on disk. */
export interface RunHistory {
  begin(agent: AgentId, profile: string, startedAt: number): Promise<number>;
  /** Writes a run as it stands, with the errors that are new since the last write. */
  record(run: RunRecord, errors: readonly RunError[]): Promise<void>;
}
