import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { KnownController } from '#shared/contract/capture.ts';
import { useReading } from '#state/use-reading.ts';
import type { IconName } from '#ui/icon-paths.ts';

import { listDataOf } from '../lists/list-data-of.ts';

const words: Readonly<Record<KnownController['capture'], string>> = {
  alive: 'Alive',
  silent: 'Silent',
  missing: 'Not installed',
};

const icons: Readonly<Record<KnownController['capture'], IconName>> = {
  alive: 'controller',
  silent: 'warning',
  missing: 'danger',
};

const columns: readonly Column<KnownController>[] = [
  { id: 'server', title: 'Name', width: 170, value: (row) => row.server },
  { id: 'domain', title: 'Domain', width: 110, spare: true, value: (row) => row.domain },
  { id: 'state', title: 'Capture', width: 100, value: (row) => words[row.capture] },
  { id: 'heartbeat', title: 'Last heartbeat', width: 164, kind: 'time', value: (row) => row.lastHeartbeatAt },
  {
    id: 'change',
    title: 'Last change',
    width: 164,
    spare: true,
    kind: 'time',
    value: (row) => row.lastChangeAt,
  },
  { id: 'queued', title: 'Queued there', width: 90, kind: 'number', value: (row) => row.queued },
  {
    id: 'clock',
    title: 'Clock difference',
    width: 110,
    spare: true,
    kind: 'number',
    value: (row) => row.clockDifference,
    text: (row) => (row.clockDifference === undefined ? '' : `${(row.clockDifference / 1000).toFixed(1)} s`),
  },
  {
    id: 'oldest',
    title: 'Oldest since',
    width: 164,
    spare: true,
    kind: 'time',
    value: (row) => (row.queued === 0 ? undefined : row.oldestQueuedAt),
  },
  {
    id: 'first',
    title: 'First seen',
    width: 164,
    spare: true,
    kind: 'time',
    value: (row) => row.firstSeenAt,
  },
];

const none: readonly KnownController[] = [];

/** Domain Controllers: whether capture is installed and alive on each that the directory names. */
export const domainControllersNode: ScopeNode = {
  id: 'controllers',
  label: 'Domain Controllers',
  icon: 'controller',
  help: 'domain-controllers',
  useBadge: () => {
    const { value = none } = useReading('capture.controllers', {}, ['capture.changed', 'system.changed']);
    const missing = value.filter(({ capture }) => capture === 'missing').length;
    const silent = value.filter(({ capture }) => capture === 'silent').length;
    if (missing > 0) return { text: `${missing} without capture`, tone: 'danger' };
    return silent > 0 ? { text: `${silent} silent`, tone: 'warning' } : undefined;
  },
  list: opaqueList<KnownController>({
    columns,
    empty: {
      title: 'No domain controller is known',
      hint: 'Enable a partition of an Active Directory agent as a password source, and install capture on its domain controllers: carillon capture install.',
    },
    useRows: () => {
      return listDataOf(useReading('capture.controllers', {}, ['capture.changed', 'configuration.changed']));
    },
    keyOf: ({ domain, server }) => `${domain}\\${server}`,
    iconOf: ({ capture }) => icons[capture],
  }),
};
