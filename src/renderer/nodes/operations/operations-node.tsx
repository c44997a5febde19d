import type { Column } from '#console/column.ts';
import { propertiesVerb } from '#console/properties-verb.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { Verb } from '#console/verb.ts';
import type { Run } from '#shared/contract/agents.ts';
import { useReading } from '#state/use-reading.ts';
import type { IconName } from '#ui/icon-paths.ts';

import { listDataOf } from '../lists/list-data-of.ts';
import type { NodeServices } from '../node-services.ts';

const counted = (run: Run, name: string): number =>
  run.steps.reduce((sum, step) => sum + (step.counts[name] ?? 0), 0);

/** Objects that the run wrote. */
const exported = (run: Run): number =>
  ['exportAdds', 'exportUpdates', 'exportRenames', 'exportDeletes'].reduce(
    (sum, name) => sum + counted(run, name),
    0,
  );

const columns: readonly Column<Run>[] = [
  { id: 'name', title: 'Name', width: 150, value: (run) => run.agentName },
  { id: 'profile', title: 'Profile name', width: 240, value: (run) => run.profile },
  { id: 'status', title: 'Status', width: 180, value: (run) => run.result ?? 'in-progress' },
  { id: 'start', title: 'Start time', width: 164, kind: 'time', value: (run) => run.startedAt },
  { id: 'end', title: 'End time', width: 164, spare: true, kind: 'time', value: (run) => run.endedAt },
  { id: 'adds', title: 'Adds', width: 60, spare: true, kind: 'number', value: (run) => counted(run, 'adds') },
  {
    id: 'updates',
    title: 'Updates',
    width: 70,
    spare: true,
    kind: 'number',
    value: (run) => counted(run, 'updates'),
  },
  {
    id: 'deletes',
    title: 'Deletes',
    width: 70,
    spare: true,
    kind: 'number',
    value: (run) => counted(run, 'deletes'),
  },
  {
    id: 'joins',
    title: 'Joins',
    width: 60,
    spare: true,
    kind: 'number',
    value: (run) => counted(run, 'joins'),
  },
  { id: 'exports', title: 'Exports', width: 70, spare: true, kind: 'number', value: exported },
  { id: 'errors', title: 'Errors', width: 60, kind: 'number', value: (run) => run.errors.length },
];

/** Operations: the run history of every management agent, with statistics and errors. */
export function operationsNode(services: NodeServices): ScopeNode {
  return {
    id: 'operations',
    label: 'Operations',
    icon: 'operations',
    help: 'operations',
    list: opaqueList<Run>({
      columns,
      empty: {
        title: 'Nothing has run yet',
        hint: 'Run a profile of a management agent to see its result here.',
      },
      useRows: () => {
        return listDataOf(useReading('agents.runs', { limit: 1000 }, ['agents.runChanged']));
      },
      keyOf: (run) => String(run.id),
      iconOf,
      verbsOf: (runs) => runVerbs(runs, services),
    }),
  };
}

function iconOf({ result }: Run): IconName {
  if (result === undefined) return 'working';
  if (result === 'success') return 'good';
  return result.startsWith('completed') ? 'warning' : 'danger';
}

function runVerbs(runs: readonly Run[], { session, openDialog }: NodeServices): readonly Verb[] {
  const [run, ...others] = runs;
  if (run === undefined || others.length > 0) return [];
  return [
    {
      id: 'run.stop',
      label: 'Stop',
      slot: 'top',
      accessKey: 's',
      ...(run.result !== undefined && { disabled: 'The run has ended' }),
      run: async () => {
        await session.client.call('agents.stop', { agent: run.agent });
      },
    },
    propertiesVerb({
      id: 'run.properties',
      run: async () => {
        const { RunSheet } = await import('./RunSheet.tsx');
        openDialog((close) => <RunSheet run={run} onClose={close} />);
      },
    }),
  ];
}
