/** An object class, attribute type or content rule of a subschema (RFC 4512 4.1), as far as configuration asks. */
export interface SchemaDefinition {
  readonly oid: string;
  readonly names: readonly string[];
  readonly superiors: readonly string[];
  readonly must: readonly string[];
  readonly may: readonly string[];
  /** Of a content rule: classes that objects of its class may belong to as well. */
  readonly auxiliaries: readonly string[];
  readonly kind: 'structural' | 'auxiliary' | 'abstract';
  readonly isSingleValue: boolean;
  /** Kept by the server itself: no import and no export touches it. */
  readonly isOperational: boolean;
  /** Object identifier of the attribute's syntax, without its length. */
  readonly syntax: string | undefined;
}

const token = /'((?:[^'\\]|\\.)*)'|[()$]|[^\s()$']+/g;
/** Longer definitions exist nowhere. */
const longest = 262_144;

/** Reads one definition; undefined where it is none. */
export function parseSchemaDefinition(text: string): SchemaDefinition | undefined {
  if (text.length > longest) return undefined;
  const tokens = [...text.matchAll(token)].map(([whole, quoted]) => quoted ?? whole);
  if (tokens[0] !== '(') return undefined;
  const oid = tokens[1];
  if (oid === undefined || oid === ')') return undefined;
  let at = 2;
  /** One word, or all of those in parentheses. */
  const list = (): string[] => {
    if (tokens[at] !== '(') {
      const only = tokens[at];
      at += 1;
      return only === undefined ? [] : [only];
    }
    const words: string[] = [];
    for (at += 1; at < tokens.length && tokens[at] !== ')'; at += 1)
      if (tokens[at] !== '$') words.push(tokens[at] ?? '');
    at += 1;
    return words;
  };
  const found = new Map<string, readonly string[]>();
  while (at < tokens.length && tokens[at] !== ')') {
    const word = (tokens[at] ?? '').toUpperCase();
    at += 1;
    if (withoutValue.has(word)) found.set(word, []);
    else found.set(word, list());
  }
  return {
    oid,
    names: found.get('NAME') ?? [],
    superiors: found.get('SUP') ?? [],
    must: found.get('MUST') ?? [],
    may: found.get('MAY') ?? [],
    auxiliaries: found.get('AUX') ?? [],
    kind: found.has('ABSTRACT') ? 'abstract' : found.has('AUXILIARY') ? 'auxiliary' : 'structural',
    isSingleValue: found.has('SINGLE-VALUE'),
    isOperational: found.has('NO-USER-MODIFICATION') || /Operation$/.test(found.get('USAGE')?.[0] ?? ''),
    syntax: found.get('SYNTAX')?.[0]?.replace(/\{\d+\}$/, ''),
  };
}

const withoutValue = new Set([
  'OBSOLETE',
  'ABSTRACT',
  'STRUCTURAL',
  'AUXILIARY',
  'SINGLE-VALUE',
  'COLLECTIVE',
  'NO-USER-MODIFICATION',
]);
