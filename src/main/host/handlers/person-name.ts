import { valuesOf } from '#identity/connector-space.ts';
import type { Person } from '#identity/metaverse.ts';

/** Attributes that name a person, best first. */
const nameAttributes = ['displayName', 'cn', 'name', 'accountName', 'sAMAccountName', 'uid', 'mail'];

/** What a person is called on screens; undefined where no attribute says it. */
export function personNameOf({ attributes }: Pick<Person, 'attributes'>): string | undefined {
  return nameAttributes.map((name) => valuesOf(attributes, name)[0]).find(Boolean);
}
