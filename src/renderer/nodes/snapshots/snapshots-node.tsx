import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { Verb } from '#console/verb.ts';
import type { Moment, SnapshotSource } from '#shared/contract/snapshots.ts';
import { useReading } from '#state/use-reading.ts';
import { listDataOf } from '../lists/list-data-of.ts';
import { migrateVerb } from '../migration/migrate-verb.tsx';
import type { NodeServices } from '../node-services.ts';
import type { ComparedSources } from './CompareSetupDialog.tsx';
import { exportVerb } from './export-verb.ts';
import { pickFile } from './pick-file.ts';
import { saveFile } from './save-file.ts';

const kindWords: Readonly<Record<Moment['kind'], string>> = {
  start: 'Start',
  change: 'Change',
  file: 'File applied',
  restore: 'Restore',
  undo: 'Undo',
  snapshot: 'Snapshot',
  import: 'Import',
};

const columns: readonly Column<Moment>[] = [
  { id: 'at', title: 'Time', width: 164, kind: 'time', value: (row) => row.at },
  { id: 'kind', title: 'Kind', width: 100, value: (row) => kindWords[row.kind] },
  { id: 'by', title: 'Changed by', width: 120, value: (row) => row.by },
  { id: 'note', title: 'Note', width: 180, value: (row) => row.note },
  { id: 'changes', title: 'Changes', width: 300, value: (row) => row.changes.map(changeWords).join('; ') },
  { id: 'number', title: 'Number', width: 70, kind: 'number', hidden: true, value: (row) => row.id },
  { id: 'revision', title: 'Revision', width: 130, hidden: true, value: (row) => row.revision },
];

function changeWords({ object, property, from, to }: Moment['changes'][number]): string {
  const values = from === undefined && to === undefined ? '' : `: ${from ?? 'Not set'} → ${to ?? 'Not set'}`;
  return `${object}: ${property}${values}`;
}

const now: SnapshotSource = { kind: 'running' };

/** Snapshots: every configuration that was in force, and the way back to it. */
export function snapshotsNode(services: NodeServices): ScopeNode {
  const { session, openDialog, notify } = services;
  const take: Verb = {
    id: 'snapshot.take',
    label: 'Take Snapshot',
    slot: 'top',
    accessKey: 't',
    run: async () => {
      await session.client.call('snapshots.take', { note: 'Taken in the console' });
    },
  };
  const openFile = (
    id: string,
    label: string,
    accessKey: string,
    work: (source: SnapshotSource) => Promise<void>,
  ): Verb => ({
    id,
    label,
    slot: 'tasks',
    accessKey,
    run: async () => {
      const file = await pickFile('.json,application/json');
      if (file !== undefined) await work({ kind: 'text', ...file });
    },
  });
  return {
    id: 'snapshots',
    label: 'Snapshots',
    icon: 'history',
    help: 'snapshots',
    verbs: () => [
      take,
      exportVerb(services),
      {
        id: 'snapshot.exportMappings',
        label: 'Export Snapshot with Mappings',
        slot: 'tasks',
        accessKey: 'w',
        run: async () => {
          const request = { source: now, mappings: true };
          const { fileName, text } = await session.client.call('snapshots.export', request);
          saveFile(fileName, text, 'application/json');
        },
      },
      {
        id: 'snapshot.compareAny',
        label: 'Compare...',
        slot: 'tasks',
        accessKey: 'm',
        run: async () => {
          const [{ CompareSetupDialog }, moments] = await Promise.all([
            import('./CompareSetupDialog.tsx'),
            session.client.call('snapshots.history', { limit: 50 }),
          ]);
          openDialog((close) => (
            <CompareSetupDialog
              moments={moments}
              onCompared={(sources) => compare(services, sources)}
              onClose={close}
            />
          ));
        },
      },
      openFile(
        'snapshot.compareFile',
        'Compare File with Server...',
        'c',
        async (source) => await compare(services, { left: source, right: now }),
      ),
      openFile(
        'snapshot.restoreFile',
        'Restore File...',
        'r',
        async (source) => await restore(services, source),
      ),
      migrateVerb(services),
      {
        id: 'snapshot.undo',
        label: 'Undo Restore or Import...',
        slot: 'tasks',
        accessKey: 'u',
        confirm: {
          title: 'Undo Restore or Import',
          question: 'Do you want to take the last restore or import back?',
          effect:
            'Settings, definitions and mappings are again as they were before it. Credentials of mappings that it deleted are gone.',
          answer: 'Undo',
        },
        run: async () => {
          const { notRestored } = await session.client.call('snapshots.undo', {});
          const body = notRestored.map(({ name, fix }) => `${name}: ${fix}`).join(' ');
          notify({
            tone: 'success',
            title: 'The last restore or import was taken back',
            ...(body === '' ? {} : { body }),
          });
        },
      },
      {
        id: 'snapshot.report',
        label: 'Export Report',
        slot: 'tasks',
        accessKey: 'p',
        run: async () => {
          const { fileName, html } = await session.client.call('snapshots.report', { source: now });
          saveFile(fileName, html, 'text/html');
        },
      },
    ],
    list: opaqueList<Moment>({
      columns,
      empty: {
        title: 'No snapshots',
        hint: 'Every change of the configuration leaves one here.',
        action: take,
      },
      useRows: () => {
        return listDataOf(useReading('snapshots.history', { limit: 1000 }, ['snapshots.changed']));
      },
      keyOf: (row) => String(row.id),
      iconOf: () => 'history',
      verbsOf: (rows) => momentVerbs(rows, { session, openDialog, notify }),
    }),
  };
}

type Services = Pick<NodeServices, 'session' | 'openDialog' | 'notify'>;

function momentVerbs(rows: readonly Moment[], services: Services): readonly Verb[] {
  const [first, second, ...others] = rows;
  if (first === undefined || others.length > 0) return [];
  const sourceOf = ({ id }: Moment): SnapshotSource => ({ kind: 'moment', id });
  if (second !== undefined) {
    const [older, newer] = first.id < second.id ? [first, second] : [second, first];
    return [
      {
        id: 'snapshot.compareTwo',
        label: 'Compare',
        slot: 'top',
        accessKey: 'c',
        run: () => compare(services, { left: sourceOf(older), right: sourceOf(newer) }),
      },
    ];
  }
  return [
    {
      id: 'snapshot.compare',
      label: 'Compare with Server',
      slot: 'top',
      accessKey: 'c',
      isDefault: true,
      run: () => compare(services, { left: sourceOf(first), right: now }),
    },
    {
      id: 'snapshot.restore',
      label: 'Restore...',
      slot: 'top',
      accessKey: 'r',
      run: () => restore(services, sourceOf(first)),
    },
    {
      id: 'snapshot.exportMoment',
      label: 'Export Snapshot',
      slot: 'tasks',
      accessKey: 'x',
      run: async () => {
        const { fileName, text } = await services.session.client.call('snapshots.export', {
          source: sourceOf(first),
        });
        saveFile(fileName, text, 'application/json');
      },
    },
    {
      id: 'snapshot.reportMoment',
      label: 'Export Report',
      slot: 'tasks',
      accessKey: 'p',
      run: async () => {
        const request = { source: sourceOf(first) };
        const { fileName, html } = await services.session.client.call('snapshots.report', request);
        saveFile(fileName, html, 'text/html');
      },
    },
  ];
}

async function compare({ session, openDialog }: Services, sources: ComparedSources): Promise<void> {
  const [{ CompareDialog }, comparison] = await Promise.all([
    import('./CompareDialog.tsx'),
    session.client.call('snapshots.compare', { ...sources, all: true }),
  ]);
  openDialog((close) => (
    <CompareDialog
      comparison={comparison}
      onSave={async (format, all) => {
        const request = { ...sources, all, format };
        const { fileName, text } = await session.client.call('snapshots.compareReport', request);
        saveFile(fileName, text, reportTypes[format]);
      }}
      onClose={close}
    />
  ));
}

const reportTypes = { html: 'text/html', markdown: 'text/markdown', json: 'application/json' } as const;

async function restore({ session, openDialog, notify }: Services, source: SnapshotSource): Promise<void> {
  const [{ RestoreWizard }, plan] = await Promise.all([
    import('./RestoreWizard.tsx'),
    session.client.call('snapshots.plan', { source }),
  ]);
  openDialog((close) => (
    <RestoreWizard
      plan={plan}
      onRestore={async (parts) => {
        const { steps } = await session.client.call('snapshots.restore', {
          source,
          ...(parts === undefined ? {} : { parts: [...parts] }),
          revision: plan.revision,
        });
        notify({
          tone: 'success',
          title: `${steps} ${steps === 1 ? 'step' : 'steps'} restored`,
          body: 'Undo Restore or Import brings back what was there before.',
        });
      }}
      onClose={close}
    />
  ));
}
