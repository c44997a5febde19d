/** Staging counters of Identity Manager, with `filtered`: objects outside the partition's containers. */
export interface StagingStatistics {
  unchanged: number;
  adds: number;
  updates: number;
  renames: number;
  deletes: number;
  failures: number;
  filtered: number;
}

/** Inbound synchronization counters. */
export interface SynchronizationStatistics {
  joins: number;
  projections: number;
  /** Connectors that moved to another person, because the rules now name that one. */
  rejoins: number;
  /** Objects that stay without a person. */
  disconnectorsRemaining: number;
  connectorsWithFlowUpdates: number;
  connectorsWithoutFlowUpdates: number;
  /** Objects that the connector filter took out. */
  filteredConnectors: number;
  connectorDeletes: number;
  personDeletes: number;
  /** Objects that are wanted in a directory and not there yet. */
  provisioningAdds: number;
  exportAttributeFlows: number;
  /** Objects taken off a person by provisioning or with the person. */
  deprovisioned: number;
  errors: number;
}

/** What an export step wrote. */
export interface ExportStatistics {
  adds: number;
  updates: number;
  renames: number;
  deletes: number;
  failures: number;
}

export interface RunStatistics {
  readonly staging: StagingStatistics;
  readonly synchronization: SynchronizationStatistics;
  readonly export: ExportStatistics;
}

export function emptyExport(): ExportStatistics {
  return { adds: 0, updates: 0, renames: 0, deletes: 0, failures: 0 };
}

export function emptyStaging(): StagingStatistics {
  return { unchanged: 0, adds: 0, updates: 0, renames: 0, deletes: 0, failures: 0, filtered: 0 };
}

export function emptySynchronization(): SynchronizationStatistics {
  return {
    joins: 0,
    projections: 0,
    rejoins: 0,
    disconnectorsRemaining: 0,
    connectorsWithFlowUpdates: 0,
    connectorsWithoutFlowUpdates: 0,
    filteredConnectors: 0,
    connectorDeletes: 0,
    personDeletes: 0,
    provisioningAdds: 0,
    exportAttributeFlows: 0,
    deprovisioned: 0,
    errors: 0,
  };
}

/** Adds each counter of `part` to the one of the same name. */
export function addCounters<T extends Record<keyof T, number>>(total: T, part: Readonly<T>): void {
  for (const key of Object.keys(part) as (keyof T)[]) total[key] = (total[key] + part[key]) as T[keyof T];
}
