import type { PersonId } from '#shared/model/change.ts';

import type { Attributes } from './import-source.ts';

/** A metaverse object: one person, whatever the number of their accounts. */
export interface Person {
  readonly id: PersonId;
  readonly guid: string;
  readonly objectType: string;
  readonly attributes: Attributes;
}

/**
 * Every person. Reads are synchronous; writes belong inside a `Commit`.
 * Values are looked up folded, as `foldText` gives them.
 */
export interface Metaverse {
  find(id: PersonId): Person | undefined;
  withValue(attribute: string, value: string, limit: number): readonly PersonId[];
  hasValue(attribute: string, value: string, id: PersonId): boolean;
  add(person: Omit<Person, 'id'>): PersonId;
  /** Replaces all attributes; `before` is the person as it is stored now. */
  replace(before: Person, attributes: Attributes): void;
  remove(person: Person): void;
}
