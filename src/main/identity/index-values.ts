import { foldText } from '#shared/text/folded-text.ts';

/** Longer values identify nobody and would only swell the index. */
const longest = 512;

/** The folded forms under which an attribute's values are looked up, each once. */
export function indexValues(values: readonly string[]): readonly string[] {
  if (values.length === 1) {
    const value = foldText(values[0] ?? '');
    return value === '' || value.length > longest ? [] : [value];
  }
  const folded = new Set(values.map(foldText));
  return [...folded].filter((value) => value !== '' && value.length <= longest);
}
