import type { Agent, JoinRule } from '#shared/model/agent.ts';
import type { ConnectorId, PersonId } from '#shared/model/change.ts';

import { type ConnectorSpace, type SpaceObject, valuesOf } from './connector-space.ts';
import { type Condition, findByAll, meetsAll } from './find-by-all.ts';
import type { Attributes } from './import-source.ts';
import { indexValues } from './index-values.ts';
import type { Metaverse } from './metaverse.ts';

/** Objects of one agent that one rule may tie to a person before it counts as naming nobody. */
const mostObjects = 64;
/** A single person joins, two are as bad as any number; one more leaves room for the object's own. */
const mostPeople = 3;

/** What an agent's join rules say about one of its objects. */
export type JoinVerdict =
  | {
      readonly kind: 'person';
      readonly person: PersonId;
      /** Another object of the agent that is joined to the person while the rules by now name someone else. */
      readonly displaced: SpaceObject | undefined;
    }
  | { readonly kind: 'nobody' }
  | {
      readonly kind: 'conflict';
      readonly word: 'join-several-persons' | 'join-several-connectors';
      readonly detail: string;
    };

interface Match {
  readonly person: PersonId;
  /** Position of the rule that found the person; an earlier one claims more. */
  readonly rule: number;
}

/** Applies join rules, in both directions, to what the stores hold now. */
export class JoinRules {
  readonly #space: ConnectorSpace;
  readonly #metaverse: Metaverse;

  constructor(space: ConnectorSpace, metaverse: Metaverse) {
    this.#space = space;
    this.#metaverse = metaverse;
  }

  /**
   * The person that an object belongs to. An object that is joined stays where it is until a rule names one other
   * person: a value that changes on one side first must not part it from its own.
   */
  judge(agent: Agent, object: SpaceObject): JoinVerdict {
    const { person: own } = object;
    const several: string[] = [];
    let yields: boolean | undefined;
    for (const [index, rule] of agent.join.entries()) {
      const conditions = this.#personConditions(rule, object);
      const others = findByAll(conditions, mostPeople).filter((person) => person !== own);
      if (own !== undefined && meetsAll(conditions, own)) {
        yields ??= this.#yields(object, own);
        if (!yields) return { kind: 'person', person: own, displaced: undefined };
      }
      const [person] = others;
      if (person === undefined) continue;
      if (others.length === 1) return this.#claim(agent, object, { person, rule: index });
      several.push(rule.mappings.map(({ connector }) => connector).join(' and '));
    }
    if (several.length === 0) return { kind: 'nobody' };
    return {
      kind: 'conflict',
      word: 'join-several-persons',
      detail: `${object.dn} joins nobody: several persons have its ${several.join(', its ')}`,
    };
  }

  /** An object of the agent that waits with the same right to a person with these attributes. */
  findRival(agent: Agent, object: SpaceObject, attributes: Attributes): SpaceObject | undefined {
    for (const id of this.objectsFor(agent, attributes)) {
      const other = id === object.id ? undefined : this.#space.find(id);
      if (other !== undefined && isOther(other, object) && other.state === 'disconnector') return other;
    }
    return undefined;
  }

  /** Objects of the agent that one of its rules ties to a person with these attributes. */
  objectsFor(
    agent: Agent,
    attributes: Attributes,
    rules: readonly JoinRule[] = agent.join,
  ): Set<ConnectorId> {
    const ids = new Set<ConnectorId>();
    for (const rule of rules) {
      const conditions = rule.mappings.map(({ connector, person }) => ({
        values: indexValues(valuesOf(attributes, person)),
        find: (value: string, limit: number) => this.#space.withValue(agent.id, connector, value, limit),
        has: (value: string, id: number) => this.#space.hasValue(agent.id, connector, value, id),
      }));
      for (const id of findByAll(conditions, mostObjects)) ids.add(id);
    }
    return ids;
  }

  /**
   * Whether an object leaves its person for another that matches as well: it made that person itself, or whatever
   * made it is gone. So it does not matter which of two agents that know someone was imported first.
   */
  #yields(object: SpaceObject, own: PersonId): boolean {
    return object.link === 'projection' || this.#space.ofPerson(own).every(({ link }) => link === 'join');
  }

  #personConditions(rule: JoinRule, object: SpaceObject): readonly Condition[] {
    return rule.mappings.map(({ connector, person }) => ({
      values: indexValues(valuesOf(object.attributes, connector)),
      find: (value: string, limit: number) => this.#metaverse.withValue(person, value, limit),
      has: (value: string, id: number) => this.#metaverse.hasValue(person, value, id),
    }));
  }

  /** Which of two objects was staged first must not decide, so a person with two claims gets neither. */
  #claim(agent: Agent, object: SpaceObject, match: Match): JoinVerdict {
    const { person, rule } = match;
    const joined = this.#space.ofPerson(person).find((other) => isOther(other, object));
    const rules = agent.join.slice(0, rule + 1);
    if (joined !== undefined && !this.#isLeaving(agent, joined)) return conflict(object, joined);
    const attributes = this.#metaverse.find(person)?.attributes ?? {};
    for (const id of this.objectsFor(agent, attributes, rules)) {
      const other = id === object.id ? undefined : this.#space.find(id);
      if (other === undefined || !isOther(other, object) || other.state !== 'disconnector') continue;
      const claim = this.#firstMatch(agent, other);
      if (claim?.person === person && claim.rule <= rule) return conflict(object, other);
    }
    return { kind: 'person', person, displaced: joined };
  }

  #isLeaving(agent: Agent, joined: SpaceObject): boolean {
    if (joined.link === 'manual') return false;
    const match = this.#firstMatch(agent, joined);
    return match !== undefined && match.person !== joined.person;
  }

  #firstMatch(agent: Agent, object: SpaceObject): Match | undefined {
    for (const [index, rule] of agent.join.entries()) {
      const people = findByAll(this.#personConditions(rule, object), 2);
      const [person] = people;
      if (person !== undefined && people.length === 1) return { person, rule: index };
    }
    return undefined;
  }
}

function isOther(other: SpaceObject, object: SpaceObject): boolean {
  return other.agent === object.agent && other.id !== object.id && other.pending !== 'delete';
}

function conflict(object: SpaceObject, other: SpaceObject): JoinVerdict {
  return {
    kind: 'conflict',
    word: 'join-several-connectors',
    detail: `${object.dn} and ${other.dn} claim the same person`,
  };
}
