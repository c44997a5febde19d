import { z } from 'zod';

export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

/** The documented range of a numeric setting, from its schema: the page and the service cannot differ. */
export function numberRange(schema: z.ZodType): NumberRange {
  const inner = schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  if (inner !== schema) return numberRange(inner as z.ZodType);
  if (!(schema instanceof z.ZodNumber)) throw new TypeError('Not a number');
  return { min: schema.minValue ?? Number.MIN_SAFE_INTEGER, max: schema.maxValue ?? Number.MAX_SAFE_INTEGER };
}
