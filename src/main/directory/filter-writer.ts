import { AppError } from '#shared/model/app-error.ts';

import { berTag, contextSequence, contextTag } from './ber-tag.ts';
import type { BerWriter } from './ber-writer.ts';

/** Deepest nesting that is written; a filter comes from configuration and must not exhaust the stack. */
const deepest = 100;
const utf8 = new TextEncoder();
const description = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)(?:;[A-Za-z0-9-]+)*$/;
const comparisons = { '=': 3, '>=': 5, '<=': 6, '~=': 8 } as const;
const item = /^([^=<>~:]*)(=|>=|<=|~=|(?::dn)?(?::[^:=]+)?:=)(.*)$/is;

/**
 * Writes an LDAP filter in text (RFC 4515) as BER (RFC 4511 4.5.1). Escapes become the very bytes that they name,
 * so that binary values such as a GUID can be looked for. Throws `AppError` `invalid_input`.
 */
export function writeFilter(to: BerWriter, text: string): void {
  const whole = text.trim();
  const source = whole.startsWith('(') ? whole : `(${whole})`;
  const end = writeComponent(to, source, 0, 0);
  if (end !== source.length) throw malformed(source, end, 'goes on after its end');
}

/** Writes the component whose parenthesis opens at `at`, and returns where it ends. */
function writeComponent(to: BerWriter, source: string, at: number, depth: number): number {
  if (source[at] !== '(') throw malformed(source, at, 'lacks an opening parenthesis');
  if (depth > deepest) throw malformed(source, at, 'is nested too deeply');
  const operator = source[at + 1];
  if (operator === '&' || operator === '|') {
    const set = to.start(contextSequence(operator === '&' ? 0 : 1));
    let next = skipSpace(source, at + 2);
    while (source[next] === '(') next = skipSpace(source, writeComponent(to, source, next, depth + 1));
    to.end(set);
    return closeAt(source, next);
  }
  if (operator === '!') {
    const not = to.start(contextSequence(2));
    const next = writeComponent(to, source, skipSpace(source, at + 2), depth + 1);
    to.end(not);
    return closeAt(source, skipSpace(source, next));
  }
  const close = source.indexOf(')', at);
  if (close < 0) throw malformed(source, source.length, 'lacks a closing parenthesis');
  writeItem(to, source, at + 1, close);
  return close + 1;
}

function writeItem(to: BerWriter, source: string, at: number, end: number): void {
  const [, left = '', operator, value = ''] = item.exec(source.slice(at, end)) ?? [];
  if (operator === undefined) throw malformed(source, at, 'compares nothing');
  const attribute = left.trim();
  if (attribute === '' ? !operator.endsWith(':=') : !description.test(attribute))
    throw malformed(source, at, 'has a bad attribute name');
  if (value.includes('(')) throw malformed(source, at, 'has an unescaped parenthesis in a value');
  const bytes = (raw: string): Uint8Array => readValue(source, at, raw);
  if (operator.endsWith(':=')) writeExtensible(to, attribute, operator, bytes(value));
  else if (operator === '=' && value === '*') to.text(attribute, contextTag(7));
  else if (operator === '=' && value.includes('*'))
    writeSubstrings(to, attribute, value.split('*').map(bytes));
  else {
    const assertion = to.start(contextSequence(comparisons[operator as keyof typeof comparisons]));
    to.text(attribute);
    to.bytes(bytes(value));
    to.end(assertion);
  }
}

/** What stands between the stars: the first and last part anchored, empty ones left out. */
function writeSubstrings(to: BerWriter, attribute: string, parts: readonly Uint8Array[]): void {
  const substrings = to.start(contextSequence(4));
  to.text(attribute);
  const list = to.start(berTag.sequence);
  for (const [index, part] of parts.entries()) {
    if (part.length > 0) to.bytes(part, contextTag(index === 0 ? 0 : index === parts.length - 1 ? 2 : 1));
  }
  to.end(list);
  to.end(substrings);
}

/** `attribute:dn:rule:=value`, each part but the value optional. */
function writeExtensible(to: BerWriter, attribute: string, operator: string, value: Uint8Array): void {
  const words = operator
    .slice(1, -2)
    .split(':')
    .filter((word) => word !== '');
  const rule = words.find((word) => word.toLowerCase() !== 'dn');
  const match = to.start(contextSequence(9));
  if (rule !== undefined) to.text(rule, contextTag(1));
  if (attribute !== '') to.text(attribute, contextTag(2));
  to.bytes(value, contextTag(3));
  if (words[0]?.toLowerCase() === 'dn') to.boolean(true, contextTag(4));
  to.end(match);
}

function readValue(source: string, at: number, raw: string): Uint8Array {
  const [plain = '', ...escaped] = raw.split('\\');
  if (escaped.length === 0) return utf8.encode(raw);
  const parts = [utf8.encode(plain)];
  for (const part of escaped) {
    if (!/^[0-9a-f]{2}/i.test(part))
      throw malformed(source, at, 'has a backslash without two hexadecimal digits');
    parts.push(Uint8Array.of(Number.parseInt(part.slice(0, 2), 16)), utf8.encode(part.slice(2)));
  }
  return Buffer.concat(parts);
}

function closeAt(source: string, at: number): number {
  if (source[at] !== ')') throw malformed(source, at, 'lacks a closing parenthesis');
  return at + 1;
}

function skipSpace(source: string, at: number): number {
  let next = at;
  while (/\s/.test(source[next] ?? '')) next += 1;
  return next;
}

function malformed(source: string, at: number, what: string): AppError {
  return new AppError('invalid_input', `The LDAP filter "${source}" ${what}, at character ${at + 1}`, {
    fix: 'Write it as in (&(objectClass=person)(!(uid=test*))).',
  });
}
