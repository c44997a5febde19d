import { Environment } from '@marcbachmann/cel-js';

import { valuesOf } from '#identity/connector-space.ts';
import type { Expression, Expressions, Subject } from '#identity/expressions.ts';
import { AppError } from '#shared/model/app-error.ts';
import { attributesIn } from '#shared/model/attributes-in.ts';
import { escapeNamePart } from '#shared/text/distinguished-name.ts';

/** Parsed expressions that are kept; a configuration holds far fewer. */
const mostKept = 2000;
/** Loops inside one expression: each multiplies what the ones around it cost. */
const mostLoops = 2;
const loops = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const limits = {
  maxAstNodes: 300,
  maxDepth: 40,
  maxListElements: 100,
  maxMapEntries: 50,
  maxCallArguments: 16,
};

type Parsed = ReturnType<Environment['parse']>;

interface Node {
  readonly op: string;
  readonly args: unknown;
}

const language = new Environment({ limits })
  .registerVariable('object', 'map<string, string>')
  .registerVariable('values', 'map<string, list<string>>')
  .registerVariable('dn', 'string')
  .registerVariable('objectType', 'string')
  .registerFunction('string.lower(): string', (text: string) => text.toLowerCase())
  .registerFunction('string.upper(): string', (text: string) => text.toUpperCase())
  // Letters without their accents, for log-on names.
  .registerFunction('string.plain(): string', (text: string) => text.normalize('NFD').replace(/\p{M}/gu, ''))
  // A value inside a distinguished name: a comma in it parts nothing.
  .registerFunction('string.escaped(): string', escapeNamePart)
  .registerFunction('string.left(int): string', (text: string, length: bigint) =>
    [...text].slice(0, Math.max(0, Number(length))).join(''),
  )
  .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
    text.replaceAll(from, () => to),
  );

/**
 * Rules in the Common Expression Language. `object` holds the first value of each attribute, `values` all of them,
 * `dn` and `objectType` what they say; beside the language's own functions there are `lower`, `upper`, `plain`
 * (without accents), `escaped` (inside a distinguished name), `left` and `replace`. `matches` is left out: a regular expression can run for ever.
 */
export class CelExpressions implements Expressions {
  readonly #compiled = new Map<string, Expression>();

  compile(text: string): Expression {
    const known = this.#compiled.get(text);
    if (known !== undefined) return known;
    const expression = new CelExpression(text, parse(text));
    if (this.#compiled.size >= mostKept) this.#compiled.clear();
    this.#compiled.set(text, expression);
    return expression;
  }
}

class CelExpression implements Expression {
  readonly #text: string;
  readonly #parsed: Parsed;
  readonly #attributes: readonly string[];

  constructor(text: string, parsed: Parsed) {
    this.#text = text;
    this.#parsed = parsed;
    this.#attributes = attributesIn(text);
  }

  values(subject: Subject): readonly string[] {
    const found = this.#evaluate(subject);
    if (found === undefined || found === null) return [];
    return (Array.isArray(found) ? found : [found]).map(String).filter((value) => value !== '');
  }

  holds(subject: Subject): boolean {
    return this.#evaluate(subject) === true;
  }

  #evaluate({ attributes, dn, objectType }: Subject): unknown {
    const object: Record<string, string> = Object.create(null);
    const values: Record<string, readonly string[]> = Object.create(null);
    for (const name of this.#attributes) {
      const all = valuesOf(attributes, name);
      values[name] = all;
      if (all[0] !== undefined) object[name] = all[0];
    }
    try {
      return this.#parsed({ object, values, dn, objectType });
    } catch (error) {
      if (hasCode(error, 'no_such_key')) return undefined;
      throw new AppError('invalid_input', `The expression ${this.#text} failed: ${firstLine(error)}`, {
        fix: 'Correct the expression, or guard it with has(object.attribute) and size(values.attribute).',
        cause: error,
      });
    }
  }
}

function parse(text: string): Parsed {
  try {
    const parsed = language.parse(text);
    const { valid, error } = parsed.check();
    if (!valid) throw error;
    refuseEndless(parsed.ast as unknown as Node);
    return parsed;
  } catch (error) {
    if (error instanceof AppError) throw error;
    const message = error instanceof Error ? error.message.trim() : String(error);
    throw new AppError('invalid_input', `The expression is wrong: ${message}`, {
      fix: 'Write it in CEL, for example object.givenName.lower() + "." + object.sn.lower().',
      cause: error,
    });
  }
}

function refuseEndless(root: Node): void {
  let count = 0;
  const walk = (part: unknown): void => {
    if (Array.isArray(part)) for (const inner of part) walk(inner);
    if (!isNode(part)) return;
    const name = Array.isArray(part.args) ? part.args[0] : undefined;
    if (part.op === 'rcall' && name === 'matches')
      throw new AppError('invalid_input', 'The expression uses matches, which is not allowed', {
        fix: 'Use startsWith, endsWith, contains or split.',
      });
    if (part.op === 'rcall' && loops.has(String(name))) count += 1;
    walk(part.args);
  };
  walk(root);
  if (count > mostLoops)
    throw new AppError('invalid_input', `The expression has ${count} loops, ${mostLoops} are allowed`, {
      fix: 'Split it over two attributes.',
    });
}

function isNode(part: unknown): part is Node {
  return typeof part === 'object' && part !== null && 'op' in part && 'args' in part;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
