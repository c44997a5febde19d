import { z } from 'zod';

const ranks = { use: 0, browse: 1, operate: 2, administer: 3 } as const;

export const accessSchema = z.enum(['use', 'browse', 'operate', 'administer']);
/** What a caller may do; each includes the ones before it. `use`: single sign-on alone, by the rights of the account. */
export type Access = z.infer<typeof accessSchema>;

export function grants(held: Access, needed: Access): boolean {
  return ranks[held] >= ranks[needed];
}
