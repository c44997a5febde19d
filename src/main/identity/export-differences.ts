import { valuesOf } from './connector-space.ts';
import type { Attributes } from './import-source.ts';

/** What an object has to be given, where it does not show it. */
export function differences(desired: Attributes, current: Attributes): Attributes {
  const changed = Object.entries(desired).filter(
    ([name, values]) => !hasSame(valuesOf(current, name), values),
  );
  return Object.fromEntries(changed);
}

/** Without what is empty: a new object is not given that. */
export function filled(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, values]) => values.length > 0));
}

export function isSame(one: Attributes, other: Attributes): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => other[name] !== undefined && hasSame(one[name] ?? [], other[name]))
  );
}

/** Directories keep values in no order of their own. */
export function hasSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  const wanted = new Set(other);
  return one.every((value) => wanted.has(value));
}
