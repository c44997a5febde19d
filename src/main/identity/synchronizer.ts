import type { Agent } from '#shared/model/agent.ts';
import type { PersonId } from '#shared/model/change.ts';

import { flowAttributes } from './attribute-flow.ts';
import type { ConnectorSpace, LinkRule, SpaceObject } from './connector-space.ts';
import type { Attributes } from './import-source.ts';
import { JoinRules } from './join-rules.ts';
import type { Metaverse, Person } from './metaverse.ts';
import type { ObjectError, RunErrorWord } from './run-error.ts';
import type { SynchronizationStatistics } from './run-statistics.ts';

export interface SynchronizerDependencies {
  /** The agents as configured now, in their order of precedence. */
  readonly agents: () => readonly Agent[];
  readonly space: ConnectorSpace;
  readonly metaverse: Metaverse;
  readonly newGuid: () => string;
}

/** Where synchronization counts and complains. */
export interface SynchronizationReport {
  readonly statistics: SynchronizationStatistics;
  readonly fail: (error: ObjectError) => void;
}

/** What became of an object: left as it was, tied to a person, or left in error. */
type Place = 'kept' | 'linked' | 'refused';

/**
 * Inbound synchronization: joins, projections, attribute flow and deletions, one object at a time. Every method
 * writes, so it belongs inside a `Commit`.
 */
export class Synchronizer {
  readonly #dependencies: SynchronizerDependencies;
  readonly #rules: JoinRules;

  constructor(dependencies: SynchronizerDependencies) {
    this.#dependencies = dependencies;
    this.#rules = new JoinRules(dependencies.space, dependencies.metaverse);
  }

  /** Brings an object and its person in line with what was imported and with the rules. */
  synchronize(object: SpaceObject, report: SynchronizationReport): void {
    const { space } = this.#dependencies;
    if (object.pending === 'delete') {
      space.remove(object);
      report.statistics.connectorDeletes += 1;
      if (object.person !== undefined) this.#leave(object.person, report);
      return;
    }
    const agent = this.#dependencies.agents().find(({ id }) => id === object.agent);
    const place = agent === undefined ? 'kept' : this.#place(agent, object, report);
    // A new link has settled the object already.
    if (place === 'refused') space.setPending(object.id, 'retry');
    else if (place === 'kept' && object.pending !== undefined) space.setPending(object.id, undefined);
  }

  /** Leaves an object in error that the rules pass from person to person without end. */
  giveUp(object: SpaceObject, report: SynchronizationReport): void {
    this.#refuse(object, 'unexpected-error', `The join rules find no rest for ${object.dn}`, report);
    this.#dependencies.space.setPending(object.id, 'retry');
  }

  /** Ties an object to a person, leaving the one that it had. */
  join(object: SpaceObject, person: PersonId, link: LinkRule, report: SynchronizationReport): void {
    this.#dependencies.space.setLink(object.id, { state: 'connector', person, link });
    if (object.person !== undefined) this.#leave(object.person, report);
    this.#flow(person, report);
  }

  /** Makes a new person of an object. */
  project(object: SpaceObject, link: LinkRule, report: SynchronizationReport): PersonId {
    const { space, metaverse, newGuid, agents } = this.#dependencies;
    const attributes = flowAttributes(agents(), [object]);
    const person = metaverse.add({ guid: newGuid(), objectType: 'person', attributes });
    space.setLink(object.id, { state: 'connector', person, link });
    report.statistics.projections += 1;
    this.#count(attributes, report);
    this.#review(person, {}, attributes);
    return person;
  }

  /** Takes an object off its person; a person that nothing is left of is deleted. */
  disconnect(
    object: SpaceObject,
    state: 'disconnector' | 'explicit-disconnector',
    report: SynchronizationReport,
  ): void {
    this.#dependencies.space.setLink(object.id, { state });
    if (object.person !== undefined) this.#leave(object.person, report);
  }

  #place(agent: Agent, object: SpaceObject, report: SynchronizationReport): Place {
    if (object.state === 'explicit-disconnector' || object.state === 'filtered') return 'kept';
    const verdict = object.link === 'manual' ? undefined : this.#rules.judge(agent, object);
    if (verdict?.kind === 'person' && verdict.person !== object.person) {
      if (verdict.displaced !== undefined) this.#displace(verdict.displaced, report);
      if (object.person === undefined) report.statistics.joins += 1;
      else report.statistics.rejoins += 1;
      this.join(object, verdict.person, 'join', report);
      return 'linked';
    }
    if (object.person !== undefined) {
      this.#flow(object.person, report);
      if (verdict?.kind !== 'conflict' || verdict.word === 'join-several-persons') return 'kept';
    }
    if (verdict?.kind === 'conflict') return this.#refuse(object, verdict.word, verdict.detail, report);
    if (!agent.project) {
      report.statistics.disconnectorsRemaining += 1;
      return 'kept';
    }
    const rival = this.#rules.findRival(agent, object, flowAttributes([agent], [object]));
    if (rival !== undefined) {
      const detail = `${object.dn} and ${rival.dn} would become the same person`;
      return this.#refuse(object, 'join-several-connectors', detail, report);
    }
    this.project(object, 'projection', report);
    return 'linked';
  }

  #refuse(object: SpaceObject, word: RunErrorWord, detail: string, report: SynchronizationReport): 'refused' {
    report.statistics.errors += 1;
    if (object.person === undefined) report.statistics.disconnectorsRemaining += 1;
    report.fail({ word, agent: object.agent, dn: object.dn, connector: object.id, detail });
    return 'refused';
  }

  /** In the same transaction: a password must never go to both of the objects that trade places. */
  #displace(object: SpaceObject, report: SynchronizationReport): void {
    this.disconnect(object, 'disconnector', report);
    this.#markForReview(object);
  }

  /** What is left of a person may have a better place now. */
  #leave(person: PersonId, report: SynchronizationReport): void {
    this.#flow(person, report);
    for (const object of this.#dependencies.space.ofPerson(person)) this.#markForReview(object);
  }

  /** Import attribute flow into one person; deletes the person where no connector is left. */
  #flow(id: PersonId, report: SynchronizationReport): void {
    const { space, metaverse, agents } = this.#dependencies;
    const person = metaverse.find(id);
    if (person === undefined) return;
    const connectors = space.ofPerson(id);
    if (connectors.length === 0) {
      metaverse.remove(person);
      report.statistics.personDeletes += 1;
      this.#review(id, person.attributes, {});
      return;
    }
    const attributes = flowAttributes(agents(), connectors);
    const changed = !isSame(person, attributes);
    this.#count(changed ? attributes : {}, report);
    if (!changed) return;
    metaverse.replace(person, attributes);
    this.#review(id, person.attributes, attributes);
  }

  #count(flowed: Attributes, { statistics }: SynchronizationReport): void {
    if (Object.keys(flowed).length > 0) statistics.connectorsWithFlowUpdates += 1;
    else statistics.connectorsWithoutFlowUpdates += 1;
  }

  /** Asks for a new look at the objects, of any agent, that a person's change may join or part. */
  #review(person: PersonId, before: Attributes, after: Attributes): void {
    const { agents, space } = this.#dependencies;
    const isChanged = (name: string) => !isEqual(before[name], after[name]);
    const changed = new Set([...Object.keys(before), ...Object.keys(after)].filter(isChanged).map(fold));
    for (const agent of agents()) {
      const rules = agent.join.filter(({ mappings }) =>
        mappings.some((pair) => changed.has(fold(pair.person))),
      );
      if (rules.length === 0) continue;
      const now = this.#rules.objectsFor(agent, after, rules);
      const then = this.#rules.objectsFor(agent, before, rules);
      for (const id of new Set([...now, ...then])) {
        const object = space.find(id);
        // What is joined here and still matches has nothing to gain elsewhere.
        if (object !== undefined && !(object.person === person && now.has(id))) this.#markForReview(object);
      }
    }
  }

  #markForReview(object: SpaceObject): void {
    if (object.link === 'manual' || object.pending === 'add' || object.pending === 'delete') return;
    if (object.state === 'explicit-disconnector' || object.state === 'filtered') return;
    // An update has its own synchronization to come, but a displaced object cannot wait for its agent's next one.
    this.#dependencies.space.setPending(object.id, 'review');
  }
}

function fold(name: string): string {
  return name.toLowerCase();
}

function isSame(person: Person, attributes: Attributes): boolean {
  const names = Object.keys(attributes);
  return (
    names.length === Object.keys(person.attributes).length &&
    names.every((name) => isEqual(person.attributes[name], attributes[name]))
  );
}

function isEqual(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
