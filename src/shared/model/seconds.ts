import { z } from 'zod';

/** A whole number of seconds within a documented range, with the documented default. */
export function seconds(min: number, max: number, fallback: number) {
  return z
    .int()
    .min(min)
    .max(max)
    .default(fallback)
    .describe(`Seconds, ${min} to ${max}, default ${fallback}`);
}
