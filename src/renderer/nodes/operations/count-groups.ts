import type { Fact } from '#ui/FactList.tsx';

/** Counters of a step by their labels, in the groups of Identity Manager. */
const groups: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Staging:': {
    unchanged: 'unchanged',
    adds: 'adds',
    updates: 'updates',
    renames: 'renames',
    deletes: 'deletes',
    failures: 'failures',
    filtered: 'filtered objects',
  },
  'Inbound synchronization:': {
    projections: 'projections',
    joins: 'joins',
    rejoins: 'rejoins',
    filteredConnectors: 'filtered connectors',
    disconnectorsRemaining: 'disconnectors remaining',
    connectorsWithFlowUpdates: 'connectors with flow updates',
    connectorsWithoutFlowUpdates: 'connectors without flow updates',
    connectorDeletes: 'connector deletes',
    personDeletes: 'metaverse object deletes',
    errors: 'errors',
  },
  'Outbound synchronization:': {
    provisioningAdds: 'provisioning adds',
    exportAttributeFlows: 'export attribute flows',
    deprovisioned: 'provisioning disconnects',
  },
  'Export:': {
    exportAdds: 'adds',
    exportUpdates: 'updates',
    exportRenames: 'renames',
    exportDeletes: 'deletes',
    exportFailures: 'failures',
  },
};

/** The counters that are not zero, one line a group; counters of a newer service come under their own names. */
export function countGroups(counts: Readonly<Record<string, number>>): readonly Fact[] {
  const known = new Set(Object.values(groups).flatMap((labels) => Object.keys(labels)));
  const others = Object.fromEntries(
    Object.keys(counts)
      .filter((name) => !known.has(name))
      .map((name) => [name, name]),
  );
  return Object.entries({ ...groups, 'Other:': others }).map(([term, labels]) => ({
    term,
    value: Object.entries(labels)
      .filter(([name]) => (counts[name] ?? 0) > 0)
      .map(([name, label]) => `${counts[name] ?? 0} ${label}`)
      .join(', '),
  }));
}
