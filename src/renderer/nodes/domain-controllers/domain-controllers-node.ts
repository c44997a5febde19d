import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { DomainController } from '#shared/contract/capture.ts';
import { useReading } from '#state/use-reading.ts';

/** A domain controller that was silent for longer than this is an alarm, milliseconds. */
const silence = 5 * 60_000;

const silent = (row: DomainController): boolean => Date.now() - (row.lastHeartbeatAt ?? 0) > silence;

const columns: readonly Column<DomainController>[] = [
  { id: 'server', title: 'Name', width: 200, value: (row) => row.server },
  { id: 'domain', title: 'Domain', width: 110, value: (row) => row.domain },
  { id: 'state', title: 'Capture', width: 90, value: (row) => (silent(row) ? 'Silent' : 'Alive') },
  { id: 'heartbeat', title: 'Last heartbeat', width: 150, kind: 'time', value: (row) => row.lastHeartbeatAt },
  { id: 'change', title: 'Last change', width: 150, kind: 'time', value: (row) => row.lastChangeAt },
  { id: 'queued', title: 'Queued there', width: 90, kind: 'number', value: (row) => row.queued },
  {
    id: 'clock',
    title: 'Clock difference',
    width: 110,
    kind: 'number',
    value: (row) => row.clockDifference,
    text: (row) => (row.clockDifference === undefined ? '' : `${(row.clockDifference / 1000).toFixed(1)} s`),
  },
  { id: 'first', title: 'First seen', width: 150, kind: 'time', value: (row) => row.firstSeenAt },
];

/** Domain Controllers: whether capture is alive on each. */
export const domainControllersNode: ScopeNode = {
  id: 'controllers',
  label: 'Domain Controllers',
  icon: 'servers',
  help: 'domain-controllers',
  list: opaqueList<DomainController>({
    columns,
    empty: {
      title: 'No domain controller has reported',
      hint: 'Install capture on a domain controller: carillon capture install.',
    },
    useRows: () => {
      const { value, loading, problem } = useReading('capture.controllers', {}, ['capture.changed']);
      return { rows: value ?? [], loading, ...(problem && { problem }) };
    },
    keyOf: (row) => row.server,
    iconOf: (row) => (silent(row) ? 'warning' : 'controller'),
  }),
};
