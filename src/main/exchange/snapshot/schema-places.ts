import { z } from 'zod';

import { configurationSchema } from '#shared/model/configuration.ts';
import { ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';

import type { JsonValue } from './json-value.ts';

interface ValueSchema {
  readonly type?: string;
  readonly default?: JsonValue;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly items?: ValueSchema;
  readonly oneOf?: readonly ValueSchema[];
  readonly anyOf?: readonly ValueSchema[];
  readonly allOf?: readonly ValueSchema[];
}

/** One property that a configuration can have. */
export interface SchemaPlace {
  /** The default that each of its forms has. */
  readonly defaults: readonly JsonValue[];
  /** Whether some form of it is more than a number or a switch. */
  readonly canTell: boolean;
}

/** Every property that a definition of single sign-on can have, by its place. */
export function definitionPlaces(): ReadonlyMap<string, SchemaPlace> {
  return new Map([
    ...schemaPlaces(ssoApplicationSchema, 'applications[]'),
    ...schemaPlaces(ssoAdapterSchema, 'adapters[]'),
    ...schemaPlaces(ssoPasswordFilterSchema, 'filters[]'),
  ]);
}

/** Every property that a configuration can have, by its place; or an object of another schema at `start`. */
export function schemaPlaces(
  root: z.ZodType = configurationSchema,
  start = '',
): ReadonlyMap<string, SchemaPlace> {
  const places = new Map<string, { defaults: JsonValue[]; canTell: boolean }>();
  const visit = (schema: ValueSchema, place: string): void => {
    if (place !== '' && !place.endsWith(']')) {
      const known = places.get(place) ?? { defaults: [], canTell: false };
      if (schema.default !== undefined) known.defaults.push(schema.default);
      known.canTell ||= !['boolean', 'integer', 'number'].includes(schema.type ?? '');
      places.set(place, known);
    }
    for (const form of [schema.oneOf, schema.anyOf, schema.allOf].flatMap((forms) => forms ?? []))
      visit(form, place);
    if (schema.items !== undefined) visit(schema.items, `${place}[]`);
    for (const [key, property] of Object.entries(schema.properties ?? {}))
      visit(property, place === '' ? key : `${place}.${key}`);
  };
  visit(z.toJSONSchema(root, { io: 'input' }) as ValueSchema, start);
  return places;
}
