import { AppError } from '#shared/model/app-error.ts';
import type { ConnectorId, PersonId } from '#shared/model/change.ts';

import type { Commit } from './commit.ts';
import type { SpaceObject } from './connector-space.ts';
import { emptySynchronization } from './run-statistics.ts';
import { Synchronizer, type SynchronizerDependencies } from './synchronizer.ts';

export interface JoinerDependencies extends SynchronizerDependencies {
  readonly commit: Commit;
}

/** Joins that an administrator makes and breaks by hand. Throws `AppError` `not_found` and `conflict`. */
export class Joiner {
  readonly #dependencies: JoinerDependencies;
  readonly #synchronizer: Synchronizer;

  constructor(dependencies: JoinerDependencies) {
    this.#dependencies = dependencies;
    this.#synchronizer = new Synchronizer(dependencies);
  }

  /** Ties an object to a person; the join rules leave it there from now on. */
  join(id: ConnectorId, person: PersonId): Promise<void> {
    return this.#change(id, (object) => {
      const { metaverse, space } = this.#dependencies;
      if (metaverse.find(person) === undefined) throw new AppError('not_found', `No person ${person}`);
      const other = space.ofPerson(person).find(({ agent }) => agent === object.agent);
      if (other !== undefined && other.id !== object.id)
        throw new AppError('conflict', `The person already has ${other.dn} in the same agent`, {
          fix: `Disconnect ${other.dn} first.`,
        });
      this.#synchronizer.join(object, person, 'manual', silentReport());
    });
  }

  /** Makes a new person of an object that has none. */
  project(id: ConnectorId): Promise<PersonId> {
    return this.#change(id, (object) => {
      if (object.person !== undefined)
        throw new AppError('conflict', `${object.dn} is joined to a person`, { fix: 'Disconnect it first.' });
      return this.#synchronizer.project(object, 'manual', silentReport());
    });
  }

  /** Takes an object off its person. An `explicit-disconnector` is left alone by the rules, a disconnector is not. */
  disconnect(id: ConnectorId, state: 'disconnector' | 'explicit-disconnector'): Promise<void> {
    return this.#change(id, (object) => this.#synchronizer.disconnect(object, state, silentReport()));
  }

  #change<T>(id: ConnectorId, change: (object: SpaceObject) => T): Promise<T> {
    const { space, commit } = this.#dependencies;
    return commit(() => {
      const object = space.find(id);
      if (object === undefined || object.pending === 'delete')
        throw new AppError('not_found', `No connector ${id}`);
      return change(object);
    });
  }
}

function silentReport() {
  return { statistics: emptySynchronization(), fail: () => undefined };
}
