import { foldText } from './folded-text.ts';

const hexPair = /^[0-9a-f]{2}$/i;
const attributeType = /^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)+)$/i;
const needsEscape = /[,+\\=]/g;
const special = /[,+"\\<>;=]|^[ #]| $/g;

/** A text as a value inside a name (RFC 4514 2.4). */
export function escapeNamePart(text: string): string {
  return text.replaceAll(special, '\\$&');
}

/** Splits at each unescaped, unquoted `separator`. */
function splitOutside(text: string, separator: string): readonly string[] {
  if (!text.includes('\\') && !text.includes('"')) return text.split(separator);
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '\\') index += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** Resolves `\,` and `\C3\A9` forms (RFC 4514 2.4) and the quoted form of RFC 2253. */
function unescapeValue(raw: string): string {
  const trimmed = raw.trimStart();
  // A final escaped space belongs to the value.
  const value = trimmed.endsWith('\\ ') ? trimmed : trimmed.trimEnd();
  if (!value.includes('\\') && !value.startsWith('"')) return value;
  const inner = value.startsWith('"') && value.endsWith('"') && value.length > 1 ? value.slice(1, -1) : value;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (let index = 0; index < inner.length; index += 1) {
    const character = inner[index] ?? '';
    if (character !== '\\') {
      // A surrogate pair travels whole.
      const whole = String.fromCodePoint(inner.codePointAt(index) ?? 0);
      bytes.push(...encoder.encode(whole));
      index += whole.length - 1;
      continue;
    }
    const pair = inner.slice(index + 1, index + 3);
    if (hexPair.test(pair)) {
      bytes.push(Number.parseInt(pair, 16));
      index += 2;
    } else {
      bytes.push(...encoder.encode(inner[index + 1] ?? ''));
      index += 1;
    }
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** A component that nothing has to be done to but to write it small. */
const plainRdn =
  /^[a-z][a-z0-9-]*=[!#-*\-./0-9:<>?@A-Z[\]^_`a-z{|}~]+(?: [!#-*\-./0-9:<>?@A-Z[\]^_`a-z{|}~]+)*$/i;

function foldRdn(rdn: string): string | undefined {
  if (plainRdn.test(rdn)) return rdn.toLowerCase();
  const pairs: string[] = [];
  for (const part of splitOutside(rdn, '+')) {
    const equals = part.indexOf('=');
    const type = part.slice(0, equals).trim();
    if (equals < 0 || !attributeType.test(type)) return undefined;
    const value = foldText(unescapeValue(part.slice(equals + 1)));
    const escaped = value.replace(needsEscape, (character) => `\\${character.charCodeAt(0).toString(16)}`);
    pairs.push(`${type.toLowerCase()}=${escaped}`);
  }
  return pairs.sort().join('+');
}

/**
 * The form in which two spellings of one distinguished name are the same text; undefined where `dn` is none
 * (RFC 4514). Commas inside values are escaped, so that a suffix comparison finds subtrees.
 */
export function foldDn(dn: string): string | undefined {
  if (dn.trim() === '') return '';
  const folded: string[] = [];
  for (const rdn of splitOutside(dn, ',')) {
    const part = foldRdn(rdn);
    if (part === undefined) return undefined;
    folded.push(part);
  }
  return folded.join(',');
}

/** Whether the folded name `dn` is `container` or lies below it; both as `foldDn` gives them. */
export function isWithin(dn: string, container: string): boolean {
  return container === '' || dn === container || dn.endsWith(`,${container}`);
}

/** The attributes that a component of a name is made of, their types folded and their values as they are meant. */
export function readRdn(rdn: string): readonly { readonly type: string; readonly value: string }[] {
  return splitOutside(rdn, '+').map((part) => {
    const equals = part.indexOf('=');
    return { type: part.slice(0, equals).trim().toLowerCase(), value: unescapeValue(part.slice(equals + 1)) };
  });
}

/** A name's first component and the name of what holds it, both as they are spelled; a comma after `\` does not part. */
export function splitDn(dn: string): { readonly rdn: string; readonly parent: string } {
  let isQuoted = false;
  for (let index = 0; index < dn.length; index += 1) {
    const letter = dn[index];
    if (letter === '\\') index += 1;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (letter === ',' && !isQuoted)
      return { rdn: trimPart(dn.slice(0, index)), parent: trimPart(dn.slice(index + 1)) };
  }
  return { rdn: trimPart(dn), parent: '' };
}

/** Without the spaces around it; one that is escaped belongs to the value. */
function trimPart(part: string): string {
  const trimmed = part.trim();
  const isEscaped = /(?:^|[^\\])(?:\\\\)*\\$/.test(trimmed);
  return isEscaped && part.trimStart().length > trimmed.length ? `${trimmed} ` : trimmed;
}
