import type { RunRecord } from '#identity/run-history.ts';
import type { ExportStatistics } from '#identity/run-statistics.ts';
import type { Run } from '#shared/contract/agents.ts';
import type { RunStore } from '#store/run-store.ts';

import type { AgentNames } from '../agent-names.ts';

/** Errors on single objects that one reply carries. */
const mostErrors = 100;

/** A run as the contract shows it. */
export function runOf(record: RunRecord, names: AgentNames, runs: RunStore): Run {
  return {
    id: record.run,
    agent: record.agent,
    agentName: names.nameOf(record.agent),
    profile: record.profile,
    startedAt: record.startedAt,
    ...(record.endedAt === undefined ? {} : { endedAt: record.endedAt, result: record.result }),
    steps: record.steps.map(({ endedAt, result, statistics, detail, ...step }, index) => ({
      ...step,
      number: index + 1,
      ...(endedAt === undefined ? {} : { endedAt, result }),
      counts: { ...statistics.staging, ...statistics.synchronization, ...exportCounts(statistics.export) },
      ...(detail === undefined ? {} : { detail }),
    })),
    errors: runs.errorsOf(record.run, mostErrors).map(({ word, dn, detail, connector }) => ({
      error: word,
      dn,
      detail,
      ...(connector === undefined ? {} : { connector }),
    })),
  };
}

/** Runs that were recorded before there were exports have no counts of them. */
function exportCounts(counts: ExportStatistics | undefined): Record<string, number> {
  const { adds = 0, updates = 0, renames = 0, deletes = 0, failures = 0 } = counts ?? {};
  return {
    exportAdds: adds,
    exportUpdates: updates,
    exportRenames: renames,
    exportDeletes: deletes,
    exportFailures: failures,
  };
}
