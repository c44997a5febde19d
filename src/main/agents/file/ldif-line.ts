import type { RunErrorWord } from '#identity/run-error.ts';

import { readUrlValue } from './file-url.ts';
import { decodeBase64, findForeign, toValue } from './file-value.ts';

/** RFC 4512 2.5: a name or an object identifier, with options. */
const attributeDescription = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)(?:;[A-Za-z0-9-]+)*$/;

/** A line that breaks the rules, at a column of its unfolded text. */
export class LineFlaw extends Error {
  readonly word: RunErrorWord;
  /** From 0. */
  readonly at: number;

  constructor(word: RunErrorWord, at: number, message: string) {
    super(message);
    this.word = word;
    this.at = at;
  }
}

export interface LineValue {
  /** Folded, without its options. */
  readonly name: string;
  /** A value of `name:` is text, one of `name::` or `name:<` may be binary. */
  readonly value: string;
}

export interface LineRules {
  /** What a name may look like; attribute descriptions where absent. */
  readonly name?: RegExp;
  readonly urlFolder: string | undefined;
}

/** One `name: value`, `name:: base64` or `name:< URL` (RFC 2849). Throws `LineFlaw`. */
export function readLine(
  text: string,
  { name: form = attributeDescription, urlFolder }: LineRules,
): LineValue {
  const colon = text.indexOf(':');
  if (colon === -1) throw new LineFlaw('parse-error', 0, 'A line without a colon');
  const description = text.slice(0, colon);
  if (!form.test(description))
    throw new LineFlaw('parse-error', 0, 'What stands before the colon is no name');
  const foreign = findForeign(text);
  if (foreign !== undefined) throw new LineFlaw('parse-error', foreign.at, foreign.detail);
  const options = description.indexOf(';');
  const name = (options === -1 ? description : description.slice(0, options)).toLowerCase();
  const mark = text[colon + 1];
  if (mark === ':') {
    const bytes = decodeBase64(text.slice(colon + 2).trim());
    if (bytes === undefined) throw new LineFlaw('invalid-base64-value', colon + 2, 'The value is no base64');
    return { name, value: toValue(bytes) };
  }
  if (mark !== '<') return { name, value: text.slice(colon + 1).trimStart() };
  try {
    return { name, value: toValue(readUrlValue(text.slice(colon + 2).trim(), urlFolder)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'The value cannot be read';
    throw new LineFlaw('invalid-attribute-value', colon + 2, reason);
  }
}
