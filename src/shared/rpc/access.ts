import { z } from 'zod';

const ranks = { browse: 0, operate: 1, administer: 2 } as const;

export const accessSchema = z.enum(['browse', 'operate', 'administer']);
/** What a caller may do; each includes the ones before it. */
export type Access = z.infer<typeof accessSchema>;

export function grants(held: Access, needed: Access): boolean {
  return ranks[held] >= ranks[needed];
}
