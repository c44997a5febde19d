import { ExportFailure } from '#identity/export-target.ts';
import { foldDn, splitDn } from '#shared/text/distinguished-name.ts';

/** The anchor of an object that several columns name: their values with a plus between, escaped where they hold one. */
export function joinAnchor(values: readonly string[]): string {
  const [only] = values;
  if (values.length === 1 && only !== undefined) return only;
  return values.map((value) => value.replaceAll(/[\\+]/g, '\\$&')).join('+');
}

/** The values that `joinAnchor` has put together. */
export function splitAnchor(anchor: string, count: number): readonly string[] {
  if (count === 1) return [anchor];
  const parts = [''];
  for (let index = 0; index < anchor.length; index += 1) {
    const character = anchor.charAt(index);
    if (character === '+') parts.push('');
    else {
      if (character === '\\') index += 1;
      parts[parts.length - 1] += anchor.charAt(index);
    }
  }
  return parts;
}

/** The anchor that `nameRecord` has made a name of; undefined for any other name. */
export function readRecordAnchor(dn: string, partition: string): string | undefined {
  const { rdn, parent } = splitDn(dn);
  if (!/^cn=/i.test(rdn) || foldDn(parent) !== foldDn(partition)) return undefined;
  const anchor = rdn.slice(3).replaceAll(/\\(.)/g, '$1');
  return anchor === '' ? undefined : anchor;
}

/** The values of the anchor's columns that a name stands for. Throws `ExportFailure` `invalid-dn`. */
export function anchorOfName(dn: string, partition: string, columns: readonly string[]): readonly string[] {
  const anchor = readRecordAnchor(dn, partition);
  const parts = anchor === undefined ? [] : splitAnchor(anchor, columns.length);
  if (parts.length === columns.length && !parts.includes('')) return parts;
  const form = `CN=<${columns.join('+')}>,${partition}`;
  throw new ExportFailure('invalid-dn', `"${dn}" is no record: name it "${form}"`);
}
