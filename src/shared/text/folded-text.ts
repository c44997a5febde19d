/** ASCII whose spaces stand alone between words. */
const plain = /^(?:[\x21-\x7e]+(?: [\x21-\x7e]+)*)?$/;
const spaces = /\s+/g;

/**
 * The form in which two values compare equal under caseIgnoreMatch (RFC 4518 2): compatibility-composed, case
 * folded, outer spaces gone, inner runs of spaces one space.
 */
export function foldText(text: string): string {
  if (plain.test(text)) return text.toLowerCase();
  // Upper case first: it is the step that turns a sharp s into ss, as full case folding does.
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replace(spaces, ' ').trim();
}
