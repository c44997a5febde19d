import type { PersonId } from '#shared/model/change.ts';

import { type Contribution, contributionsOf } from './attribute-flow.ts';
import type { ConnectorSpace, SpaceObject } from './connector-space.ts';
import type { Metaverse, Person } from './metaverse.ts';
import type { Rules } from './rules.ts';

/** Where everything that is known of a person comes from. */
export interface Lineage {
  readonly person: Person;
  /** In the order of their names. */
  readonly attributes: readonly Contribution[];
  readonly connectors: readonly SpaceObject[];
}

export interface LineageSources {
  readonly rules: Rules;
  readonly space: ConnectorSpace;
  readonly metaverse: Metaverse;
}

export function lineageOf(id: PersonId, { rules, space, metaverse }: LineageSources): Lineage | undefined {
  const person = metaverse.find(id);
  if (person === undefined) return undefined;
  const connectors = space.ofPerson(id);
  const attributes = contributionsOf(rules, connectors).toSorted((one, other) =>
    one.attribute < other.attribute ? -1 : 1,
  );
  return { person, attributes, connectors };
}
