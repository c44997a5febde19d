import type { ObjectError } from './run-error.ts';
import type { SynchronizationStatistics } from './run-statistics.ts';

/** Where synchronization counts and complains. */
export interface SynchronizationReport {
  readonly statistics: SynchronizationStatistics;
  readonly fail: (error: ObjectError) => void;
}
