import type { snapshotsContract } from '#shared/contract/snapshots.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { ConfigurationHistory } from '#store/configuration-history.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';
import type { ConfigurationJournal } from '../snapshots/configuration-journal.ts';
import type { RestoreDesk } from '../snapshots/restore-desk.ts';
import type { SnapshotDesk } from '../snapshots/snapshot-desk.ts';

export interface SnapshotHandlerParts {
  readonly file: ConfigurationFile;
  readonly history: ConfigurationHistory;
  readonly desk: SnapshotDesk;
  /** Throws `AppError` `unavailable` where no service runs. */
  readonly journal: () => ConfigurationJournal;
  /** Throws likewise. */
  readonly restoreDesk: () => RestoreDesk;
}

export function createSnapshotHandlers(parts: SnapshotHandlerParts): Handlers<typeof snapshotsContract> {
  const { file, history, desk, journal, restoreDesk } = parts;
  const momentOf = (id: number) => {
    const found = history.find(id);
    if (found === undefined) throw new Error(`Moment ${id} left no record`);
    const { text: _text, secrets: _secrets, sections: _sections, ...moment } = found;
    return { ...moment, changes: [...moment.changes] };
  };
  return {
    'snapshots.export': (input, { caller }) => desk.export(input, caller),
    'snapshots.take': async ({ note }, { caller }) => momentOf(await journal().take(caller, note)),
    'snapshots.history': ({ limit, before, at }) => {
      const then = at === undefined ? undefined : history.at(at);
      if (at !== undefined) return then === undefined ? [] : [momentOf(then.id)];
      return history.list(limit, before).map((moment) => ({ ...moment, changes: [...moment.changes] }));
    },
    'snapshots.compare': (input) => desk.compare(input),
    'snapshots.compareReport': (input) => desk.compareReport(input),
    'snapshots.report': (input, { caller }) => desk.report(input, caller),
    'snapshots.plan': ({ source, parts: keys }) => desk.plan(source, keys),
    'snapshots.restore': async (input, { caller }) => {
      const restoring = restoreDesk();
      const { plan, target, sections } = await desk.prepareRestore(input);
      const { source } = plan;
      const { before } = await restoring.put(
        { kind: 'restore', by: caller, note: source, title: `Before restoring ${source}` },
        target,
        sections,
      );
      return {
        revision: file.running.revision,
        before,
        steps: plan.steps.length,
        notRestored: plan.notRestored,
      };
    },
    'snapshots.undo': async (_, { caller }) => {
      const restoring = restoreDesk();
      const { last, text, sections, notRestored } = await desk.prepareUndo();
      const taken = await restoring.put(
        {
          kind: 'undo',
          by: caller,
          note:
            last.kind === 'import' ? `Import taken back: ${last.note}` : `Restore of ${last.note} taken back`,
          title: `Before taking ${last.kind === 'import' ? 'an import' : 'a restore'} back`,
        },
        text,
        sections,
      );
      return { revision: file.running.revision, before: taken.before, steps: 1, notRestored };
    },
  };
}
