import type { Agent } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { ConnectorId, PersonId } from '#shared/model/change.ts';

import type { Commit } from './commit.ts';
import type { SpaceObject } from './connector-space.ts';
import type { Attributes } from './import-source.ts';
import type { PendingExport } from './pending-exports.ts';
import type { ObjectError } from './run-error.ts';
import { emptySynchronization, type SynchronizationStatistics } from './run-statistics.ts';
import { Synchronizer, type SynchronizerDependencies } from './synchronizer.ts';

export interface PreviewDependencies extends SynchronizerDependencies {
  readonly commit: Commit;
}

/** What a synchronization would make of one object. */
export interface Preview {
  readonly before: SpaceObject;
  /** Undefined where the object itself would go. */
  readonly after: SpaceObject | undefined;
  readonly person: {
    readonly id: PersonId | undefined;
    readonly before: Attributes;
    readonly after: Attributes;
  };
  /** Writes that would be staged, or would wait no longer. */
  readonly staged: readonly PendingExport[];
  readonly dropped: readonly PendingExport[];
  readonly errors: readonly ObjectError[];
  readonly statistics: SynchronizationStatistics;
}

/** Carries the result out of a transaction that must leave nothing behind. */
class Undone extends Error {
  readonly preview: Preview;

  constructor(preview: Preview) {
    super('A preview is undone');
    this.preview = preview;
  }
}

/**
 * Runs the synchronization of one object and undoes it, so that what is shown is what the rules do and not what
 * somebody wrote about them. `draft` stands in for the saved agent of the same id: a rule is tried before it is kept.
 * Throws `AppError` `not_found`.
 */
export async function previewOf(
  id: ConnectorId,
  dependencies: PreviewDependencies,
  draft?: Agent,
): Promise<Preview> {
  const { rules, space, commit } = dependencies;
  const trying = () => {
    const { agents, ...rest } = rules();
    return { ...rest, agents: agents.map((agent) => (agent.id === draft?.id ? draft : agent)) };
  };
  await space.prepare(trying().agents);
  const synchronizer = new Synchronizer({ ...dependencies, rules: trying });
  try {
    return await commit(() => {
      throw new Undone(synchronizeOnce(id, synchronizer, dependencies));
    });
  } catch (error) {
    if (error instanceof Undone) return error.preview;
    throw error;
  }
}

function synchronizeOnce(
  id: ConnectorId,
  synchronizer: Synchronizer,
  { space, metaverse, exports }: SynchronizerDependencies,
): Preview {
  const before = space.find(id);
  if (before === undefined)
    throw new AppError('not_found', `No object ${id} in a connector space`, { fix: 'Search again.' });
  const stagedOf = (person: PersonId | undefined): PendingExport[] => {
    if (person === undefined) return [];
    const connectors = space.ofPerson(person).map((connector) => exports.ofConnector(connector.id));
    return [...exports.addsOf(person), ...connectors.filter((found) => found !== undefined)];
  };
  const attributesOf = (person: PersonId | undefined): Attributes =>
    person === undefined ? {} : (metaverse.find(person)?.attributes ?? {});
  const was = { exports: stagedOf(before.person), attributes: attributesOf(before.person) };
  const errors: ObjectError[] = [];
  const statistics = emptySynchronization();
  synchronizer.synchronize(before, { statistics, fail: (error) => errors.push(error) });
  const after = space.find(id);
  const person = after?.person ?? before.person;
  const now = stagedOf(person);
  return {
    before,
    after,
    person: { id: person, before: was.attributes, after: attributesOf(person) },
    staged: now.filter(({ id: one }) => !was.exports.some((earlier) => earlier.id === one)),
    dropped: was.exports.filter(({ id: one }) => exports.find(one) === undefined),
    errors,
    statistics,
  };
}
