const needsEscape = /[,+"\\<>;=]|^[ #]| $/g;

/** The anchor of an object that several columns name: their values with a plus between, escaped where they hold one. */
export function joinAnchor(values: readonly string[]): string {
  const [only] = values;
  if (values.length === 1 && only !== undefined) return only;
  return values.map((value) => value.replaceAll(/[\\+]/g, '\\$&')).join('+');
}

/** The values that `joinAnchor` has put together. */
export function splitAnchor(anchor: string, count: number): readonly string[] {
  if (count === 1) return [anchor];
  const parts = anchor.match(/(?:^|(?<=\+))(?:\\.|[^\\+])*/gs) ?? [];
  return parts.map((part) => part.replaceAll(/\\(.)/gs, '$1'));
}

/** The distinguished name of an object that has none of its own. */
export function nameRecord(anchor: string, partition: string): string {
  return `CN=${anchor.replaceAll(needsEscape, '\\$&')},${partition}`;
}
