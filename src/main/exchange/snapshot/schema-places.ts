import { z } from 'zod';

import { configurationSchema } from '#shared/model/configuration.ts';

import type { JsonValue } from './json-value.ts';

interface ValueSchema {
  readonly default?: JsonValue;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly items?: ValueSchema;
  readonly oneOf?: readonly ValueSchema[];
  readonly anyOf?: readonly ValueSchema[];
  readonly allOf?: readonly ValueSchema[];
}

/** Every property that a configuration can have, by its place, with the default that each form of it has. */
export function schemaPlaces(): ReadonlyMap<string, readonly JsonValue[]> {
  const places = new Map<string, JsonValue[]>();
  const visit = (schema: ValueSchema, place: string): void => {
    if (place !== '' && !place.endsWith(']')) {
      const defaults = places.get(place) ?? [];
      if (schema.default !== undefined) defaults.push(schema.default);
      places.set(place, defaults);
    }
    for (const form of [schema.oneOf, schema.anyOf, schema.allOf].flatMap((forms) => forms ?? []))
      visit(form, place);
    if (schema.items !== undefined) visit(schema.items, `${place}[]`);
    for (const [key, property] of Object.entries(schema.properties ?? {}))
      visit(property, place === '' ? key : `${place}.${key}`);
  };
  visit(z.toJSONSchema(configurationSchema, { io: 'input' }) as ValueSchema, '');
  return places;
}
