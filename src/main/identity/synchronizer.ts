import type { Agent } from '#shared/model/agent.ts';
import type { PersonId } from '#shared/model/change.ts';
import type { Deprovision } from '#shared/model/identity-rules.ts';

import { type FlowFailure, flowAttributes } from './attribute-flow.ts';
import { isFiltered } from './connector-filter.ts';
import type { ConnectorSpace, ConnectorState, LinkRule, SpaceObject } from './connector-space.ts';
import type { Attributes } from './import-source.ts';
import { JoinRules } from './join-rules.ts';
import type { Metaverse, Person } from './metaverse.ts';
import { Outbound } from './outbound.ts';
import type { PendingExports, StagedDelete } from './pending-exports.ts';
import type { Rules } from './rules.ts';
import type { RunErrorWord } from './run-error.ts';
import type { SynchronizationReport } from './synchronization-report.ts';

export interface SynchronizerDependencies {
  /** The rules as configured now. */
  readonly rules: () => Rules;
  readonly space: ConnectorSpace;
  readonly metaverse: Metaverse;
  readonly exports: PendingExports;
  readonly newGuid: () => string;
}

/** What became of an object: left as it was, tied to a person, or left in error. */
type Place = 'kept' | 'linked' | 'refused';

/**
 * Synchronization, one object at a time: filter, joins, projections, attribute flow and deletions, then what the
 * change means for the person's other directories. Every method writes, so it belongs inside a `Commit`.
 */
export class Synchronizer {
  readonly #dependencies: SynchronizerDependencies;
  readonly #joins: JoinRules;
  readonly #outbound: Outbound;

  constructor(dependencies: SynchronizerDependencies) {
    this.#dependencies = dependencies;
    this.#joins = new JoinRules(dependencies.space, dependencies.metaverse);
    this.#outbound = new Outbound(dependencies);
  }

  /** Brings an object and its person in line with what was imported and with the rules. */
  synchronize(object: SpaceObject, report: SynchronizationReport): void {
    const { space, exports } = this.#dependencies;
    if (object.pending === 'delete') {
      const staged = exports.ofConnector(object.id);
      space.remove(object);
      report.statistics.connectorDeletes += 1;
      this.#leave(object, report);
      // Somebody who is wanted again by now waited for this.
      if (staged?.operation === 'delete' && staged.former !== undefined)
        this.#flowOut(staged.former.person, report);
      return;
    }
    const agent = this.#agentOf(object);
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
    this.#outbound.withdrawDelete(object.id);
    this.#leave(object, report);
    this.#flow(person, report);
  }

  /** Makes a new person of an object. */
  project(object: SpaceObject, link: LinkRule, report: SynchronizationReport): PersonId {
    const { space, metaverse, newGuid, rules } = this.#dependencies;
    const attributes = flowAttributes(rules(), [object], {}, (failure) => complain(failure, report));
    const person = metaverse.add({ guid: newGuid(), objectType: 'person', attributes });
    space.setLink(object.id, { state: 'connector', person, link });
    report.statistics.projections += 1;
    this.#count(attributes, report);
    this.#review(person, {}, attributes);
    this.#flowOut(person, report);
    return person;
  }

  /** Takes an object off its person; a person that nothing is left of is deleted. */
  disconnect(
    object: SpaceObject,
    state: Exclude<ConnectorState, 'connector'>,
    report: SynchronizationReport,
  ): void {
    this.#dependencies.space.setLink(object.id, { state });
    this.#leave(object, report);
  }

  #place(agent: Agent, object: SpaceObject, report: SynchronizationReport): Place {
    if (object.state === 'explicit-disconnector') return 'kept';
    if (isFiltered(agent.filter, object.attributes)) {
      if (object.state === 'filtered') return 'kept';
      report.statistics.filteredConnectors += 1;
      this.disconnect(object, 'filtered', report);
      return 'linked';
    }
    const isFixed = object.link === 'manual' || object.link === 'provisioning';
    const verdict = isFixed ? undefined : this.#joins.judge(agent, object);
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
    const rival = this.#findRival(agent, object);
    if (rival !== undefined) {
      const detail = `${object.dn} and ${rival.dn} would become the same person`;
      return this.#refuse(object, 'join-several-connectors', detail, report);
    }
    this.project(object, 'projection', report);
    return 'linked';
  }

  #findRival(agent: Agent, object: SpaceObject): SpaceObject | undefined {
    const attributes = flowAttributes({ ...this.#dependencies.rules(), agents: [agent] }, [object]);
    return this.#joins.findRival(agent, object, attributes);
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

  /** What is left of the person that an object was taken off may have a better place now, or none at all. */
  #leave({ agent, person: id }: SpaceObject, report: SynchronizationReport): void {
    const { space, metaverse, rules } = this.#dependencies;
    const person = id === undefined ? undefined : metaverse.find(id);
    if (person === undefined) return;
    const { deletionRule } = rules().metaverse;
    if (deletionRule.kind === 'any-of' && deletionRule.agents.includes(agent)) this.#delete(person, report);
    else this.#flow(person.id, report);
    for (const object of space.ofPerson(person.id)) this.#markForReview(object);
  }

  /** Import attribute flow into one person; deletes the person where no connector is left. */
  #flow(id: PersonId, report: SynchronizationReport): void {
    const { space, metaverse, rules } = this.#dependencies;
    const person = metaverse.find(id);
    if (person === undefined) return;
    const connectors = space.ofPerson(id);
    if (connectors.length === 0) {
      this.#delete(person, report);
      return;
    }
    const complainOf = (failure: FlowFailure) => complain(failure, report);
    const attributes = flowAttributes(rules(), connectors, person.attributes, complainOf);
    const changed = !isSame(person, attributes);
    this.#count(changed ? attributes : {}, report);
    if (changed) {
      metaverse.replace(person, attributes);
      this.#review(id, person.attributes, attributes);
    }
    this.#flowOut(id, report);
  }

  /** Deletes a person; what is still joined to it goes the way that its agent's deprovisioning says. */
  #delete(person: Person, report: SynchronizationReport): void {
    const { space, metaverse } = this.#dependencies;
    for (const object of space.ofPerson(person.id)) this.#deprovision(object, this.#agentOf(object), report);
    this.#outbound.forget(person);
    metaverse.remove(person);
    report.statistics.personDeletes += 1;
    this.#review(person.id, person.attributes, {});
  }

  #flowOut(id: PersonId, report: SynchronizationReport): void {
    if (this.#outbound.isIdle) return;
    const { space, metaverse } = this.#dependencies;
    const person = metaverse.find(id);
    if (person === undefined) return;
    const unwanted: SpaceObject[] = [];
    const regained: StagedDelete[] = [];
    const connectors = space.ofPerson(id);
    const places = {
      unwanted: (object: SpaceObject) => unwanted.push(object),
      regained: (deletion: StagedDelete) => regained.push(deletion),
    };
    this.#outbound.synchronize(person, connectors, places, report);
    for (const object of unwanted) {
      this.#deprovision(object, this.#agentOf(object), report);
      this.#leave(object, report);
    }
    for (const { connector, former } of regained) {
      const object = space.find(connector);
      if (object !== undefined && object.pending !== 'delete')
        this.join(object, id, former?.link ?? 'join', report);
    }
  }

  #deprovision(object: SpaceObject, agent: Agent | undefined, { statistics }: SynchronizationReport): void {
    const way = agent === undefined ? 'disconnector' : wayOut(agent);
    const state = way === 'delete' ? 'disconnector' : way;
    this.#dependencies.space.setLink(object.id, { state });
    if (way === 'delete') this.#outbound.stageDelete(object);
    statistics.deprovisioned += 1;
  }

  #agentOf({ agent }: SpaceObject): Agent | undefined {
    return this.#dependencies.rules().agents.find(({ id }) => id === agent);
  }

  #count(flowed: Attributes, { statistics }: SynchronizationReport): void {
    if (Object.keys(flowed).length > 0) statistics.connectorsWithFlowUpdates += 1;
    else statistics.connectorsWithoutFlowUpdates += 1;
  }

  /** Asks for a new look at the objects, of any agent, that a person's change may join or part. */
  #review(person: PersonId, before: Attributes, after: Attributes): void {
    const { rules, space } = this.#dependencies;
    const isChanged = (name: string) => !isEqual(before[name], after[name]);
    const changed = new Set([...Object.keys(before), ...Object.keys(after)].filter(isChanged).map(fold));
    for (const agent of rules().agents) {
      const affected = agent.join.filter(({ mappings }) =>
        mappings.some((pair) => changed.has(fold(pair.person))),
      );
      if (affected.length === 0) continue;
      const now = this.#joins.objectsFor(agent, after, affected);
      const then = this.#joins.objectsFor(agent, before, affected);
      for (const id of new Set([...now, ...then])) {
        const object = space.find(id);
        // What is joined here and still matches has nothing to gain elsewhere.
        if (object !== undefined && !(object.person === person && now.has(id))) this.#markForReview(object);
      }
    }
  }

  #markForReview(object: SpaceObject): void {
    if (object.link === 'manual' || object.link === 'provisioning') return;
    if (object.pending === 'add' || object.pending === 'delete') return;
    if (object.state === 'explicit-disconnector' || object.state === 'filtered') return;
    // An update has its own synchronization to come, but a displaced object cannot wait for its agent's next one.
    this.#dependencies.space.setPending(object.id, 'review');
  }
}

function wayOut(agent: Agent): Deprovision {
  if (agent.kind !== 'entsso') return agent.deprovision;
  return agent.mappings?.deleteAll ? 'delete' : 'disconnector';
}

function complain({ object, detail }: FlowFailure, report: SynchronizationReport): void {
  report.statistics.errors += 1;
  report.fail({ word: 'expression-error', agent: object.agent, dn: object.dn, connector: object.id, detail });
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
