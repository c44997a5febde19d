import { z } from 'zod';

import { configurationSchema } from '#shared/model/configuration.ts';

import type { JsonPath } from './json-text.ts';

/** The part of JSON Schema that zod writes for a configuration. */
export interface ValueSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly format?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly required?: readonly string[];
  readonly items?: ValueSchema;
  readonly oneOf?: readonly ValueSchema[];
  readonly anyOf?: readonly ValueSchema[];
}

/** JSON Schema of the configuration file, for editors. */
export const configurationJsonSchema = z.toJSONSchema(configurationSchema, { io: 'input' }) as ValueSchema;

/** The schema of the value at `path`, with the branch of a union that `whole` chooses there. */
export function schemaAt(path: JsonPath, whole: unknown): ValueSchema | undefined {
  let schema: ValueSchema | undefined = configurationJsonSchema;
  let value = whole;
  for (const key of path) {
    const chosen: ValueSchema | undefined = schema && chooseBranch(schema, value);
    schema = typeof key === 'number' ? chosen?.items : chosen?.properties?.[key];
    value = member(value, key);
  }
  return schema;
}

export function member(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string | number, unknown>)[key];
}

/** The object form that `value` claims to have by its discriminator; all forms merged where it claims none. */
export function chooseBranch(schema: ValueSchema, value: unknown): ValueSchema {
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches === undefined) return schema;
  const chosen = branches.find((branch) =>
    Object.entries(branch.properties ?? {}).some(
      ([key, property]) => property.const !== undefined && member(value, key) === property.const,
    ),
  );
  if (chosen !== undefined) return chosen;
  const tags = Object.fromEntries(
    branches
      .flatMap(({ properties = {} }) =>
        Object.entries(properties).filter(([, property]) => property.const !== undefined),
      )
      .map(([key]) => [key, { enum: branches.map(({ properties }) => properties?.[key]?.const) }]),
  );
  return { type: 'object', properties: tags, required: Object.keys(tags) };
}

/** The allowed values in words, with the default: `whole number, 0 to 3, default 1`. */
export function describeAllowed(schema: ValueSchema): string {
  const fallback = schema.default;
  const shown =
    fallback === undefined || (typeof fallback === 'object' && Object.keys(fallback ?? {}).length > 0)
      ? ''
      : `, default ${JSON.stringify(fallback)}`;
  return `${describeForm(schema)}${shown}`;
}

function describeForm(schema: ValueSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return listWords(schema.enum.map((one) => JSON.stringify(one)));
  if (schema.oneOf ?? schema.anyOf) {
    const [[tag, form] = []] = Object.entries(chooseBranch(schema, undefined).properties ?? {});
    return tag === undefined || form === undefined ? 'object' : `object with "${tag}" ${describeForm(form)}`;
  }
  const { minimum, maximum, minLength, maxLength, minItems } = schema;
  switch (schema.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
    case 'number': {
      const kind = schema.type === 'integer' ? 'whole number' : 'number';
      const open = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER;
      if (minimum === undefined || minimum === Number.MIN_SAFE_INTEGER) return kind;
      return open ? `${kind}, at least ${minimum}` : `${kind}, ${minimum} to ${maximum}`;
    }
    case 'array':
      return minItems === undefined
        ? 'list'
        : `list with at least ${minItems} ${minItems === 1 ? 'entry' : 'entries'}`;
    case 'object':
      if (schema.properties === undefined) return 'names with a text each';
      return `object with ${listWords(
        Object.keys(schema.properties).map((key) => `"${key}"`),
        'and',
      )}`;
    default:
      if (schema.format === 'uuid') return 'GUID, 8-4-4-4-12 hexadecimal digits';
      if (maxLength !== undefined) return `text of ${minLength ?? 0} to ${maxLength} characters`;
      return minLength === undefined ? 'text' : `text of at least ${minLength} character`;
  }
}

export function listWords(words: readonly string[], joiner = 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${joiner} ${words.at(-1)}`;
}
