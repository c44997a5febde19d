import type { snapshotsContract } from '#shared/contract/snapshots.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { ConfigurationHistory } from '#store/configuration-history.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';
import type { ConfigurationJournal } from '../snapshots/configuration-journal.ts';
import type { SnapshotDesk } from '../snapshots/snapshot-desk.ts';

export interface SnapshotHandlerParts {
  readonly file: ConfigurationFile;
  readonly history: ConfigurationHistory;
  readonly desk: SnapshotDesk;
  /** Throws `AppError` `unavailable` where no service runs. */
  readonly journal: () => ConfigurationJournal;
}

export function createSnapshotHandlers(parts: SnapshotHandlerParts): Handlers<typeof snapshotsContract> {
  const { file, history, desk, journal } = parts;
  const momentOf = (id: number) => {
    const found = history.find(id);
    if (found === undefined) throw new Error(`Moment ${id} left no record`);
    const { text: _text, secrets: _secrets, ...moment } = found;
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
    'snapshots.report': (input, { caller }) => desk.report(input, caller),
    'snapshots.plan': ({ source, parts: keys }) => desk.plan(source, keys),
    'snapshots.restore': async (input, { caller }) => {
      const { plan, target } = desk.prepareRestore(input);
      // On disk first: a restore without the moment before it could not be taken back.
      const before = await journal().take(caller, `Before restoring ${plan.source}`);
      const origin = { by: caller, kind: 'restore', note: plan.source } as const;
      const { revision } = file.put(target, input.revision, origin);
      await journal().settled();
      return { revision, before, steps: plan.steps.length };
    },
    'snapshots.undo': async (_, { caller }) => {
      const { restore, before } = desk.findUndo();
      const taken = await journal().take(caller, 'Before taking a restore back');
      const origin = { by: caller, kind: 'undo', note: `Restore of ${restore.note} taken back` } as const;
      const { revision } = file.apply(before.text, file.running.revision, origin);
      await journal().settled();
      return { revision, before: taken, steps: 1 };
    },
  };
}
