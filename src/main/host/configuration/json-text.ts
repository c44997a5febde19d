import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

import type { Mistake } from '#shared/contract/configuration.ts';

export type JsonPath = readonly (string | number)[];

export interface JsonText {
  readonly value: unknown;
  readonly mistakes: readonly Mistake[];
  /** Where the value at a path stands; its nearest ancestor where it is missing. */
  locate(path: JsonPath): { readonly line: number; readonly column: number };
}

/** What the parser's codes mean to someone who edits a file. */
const syntaxWords: Readonly<Record<string, readonly [message: string, fix: string]>> = {
  CommaExpected: ['A comma is missing', 'Put a comma between two entries.'],
  ColonExpected: ['A colon is missing', 'Put a colon between name and value.'],
  ValueExpected: ['A value is missing', 'Write a value, or remove the comma before it.'],
  PropertyNameExpected: [
    'A name in double quotes is missing',
    'Write "name": value, or remove the comma before.',
  ],
  CloseBraceExpected: ['A closing brace is missing', 'Close every { with a }.'],
  CloseBracketExpected: ['A closing bracket is missing', 'Close every [ with a ].'],
  EndOfFileExpected: ['Something follows the closing brace', 'Remove it.'],
  UnexpectedEndOfString: ['A text is not closed', 'Put a double quote at its end.'],
  InvalidCommentToken: ['JSON has no comments', 'Remove the comment.'],
  InvalidSymbol: [
    'Neither a text in double quotes nor a number, true, false or null',
    'Put it in double quotes.',
  ],
  InvalidEscapeCharacter: ['A backslash escapes nothing here', 'Write \\\\ for one backslash.'],
  InvalidNumberFormat: ['Not a number', 'Write the number with digits alone.'],
};

/** Lists and objects in each other; a configuration needs a dozen, and the parser's own stack ends at some thousands. */
const deepest = 100;

/** Where the first list or object beyond that opens. */
function findTooDeep(text: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > deepest) return index;
  }
  return undefined;
}

/** Reads JSON and keeps where everything stands; goes on behind a syntax mistake to find the next. */
export function readJsonText(text: string): JsonText {
  const errors: ParseError[] = [];
  // A byte order mark, which Windows editors add, is no part of the text.
  const clean = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const tooDeep = findTooDeep(clean);
  const root = parseTree(tooDeep === undefined ? clean : '', errors, {
    disallowComments: true,
    allowTrailingComma: false,
  });
  const place = (offset: number) => {
    const before = clean.slice(0, offset).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  };
  const mistakes = errors.map(({ error, offset }): Mistake => {
    const code = printParseErrorCode(error);
    const [message, fix] = syntaxWords[code] ?? [`Not JSON (${code})`, 'Correct the text at this place.'];
    return { severity: 'error', path: '', ...place(offset), message, fix };
  });
  if (tooDeep !== undefined)
    mistakes.splice(0, mistakes.length, {
      severity: 'error',
      path: '',
      ...place(tooDeep),
      message: `More than ${deepest} lists and objects in each other`,
      fix: 'Name a configuration file.',
    });
  if (root === undefined && mistakes.length === 0)
    mistakes.push({
      severity: 'error',
      path: '',
      line: 1,
      column: 1,
      message: 'The file is empty',
      fix: 'Write {"version": 1}.',
    });
  if (root !== undefined && mistakes.length === 0) {
    for (const double of findDoubleKeys(root))
      mistakes.push({
        severity: 'error',
        path: '',
        ...place(double.offset),
        message: `The key ${JSON.stringify(double.value)} stands here a second time`,
        fix: 'Remove one of the two.',
      });
  }
  return {
    value: root === undefined ? undefined : plainValue(root),
    mistakes,
    locate(path) {
      for (let length = path.length; root !== undefined && length > 0; length -= 1) {
        const node = findNodeAtLocation(root, [...path.slice(0, length)]);
        if (node !== undefined)
          return place(node.parent?.type === 'property' ? node.parent.offset : node.offset);
      }
      return place(root?.offset ?? 0);
    },
  };
}

/** The plain value of a tree. Own code: the library's assigns `__proto__` as if it were a name like any other. */
function plainValue(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plainValue);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(
    (node.children ?? []).flatMap(({ children }) => {
      const [key, value] = children ?? [];
      return key === undefined || value === undefined ? [] : [[String(key.value), plainValue(value)]];
    }),
  );
}

function findDoubleKeys(node: Node): Node[] {
  const seen = new Set<unknown>();
  return (node.children ?? []).flatMap((child) => {
    const key = child.type === 'property' ? child.children?.[0] : undefined;
    const again = key !== undefined && seen.has(key.value) ? [key] : [];
    seen.add(key?.value);
    return [...again, ...findDoubleKeys(child)];
  });
}
