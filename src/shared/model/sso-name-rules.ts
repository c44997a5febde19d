import { z } from 'zod';

const letters = z.enum(['omit', 'as-is', 'upper', 'lower']);
const part = z.string().max(64).default('');

/** How an external name is made of a Windows account, as the mapping wizard asks it. */
export const nameRulesSchema = z.strictObject({
  /** Windows domain name using. */
  domain: letters.default('omit'),
  /** Windows user name using. */
  user: letters.default('as-is'),
  /** Remove characters, from domain and user name. */
  remove: part,
  /** Prepend characters. */
  prepend: part,
  /** Domain/user separator characters. */
  separator: part,
  /** Append characters. */
  append: part,
  /** Limit the number of characters. */
  limit: z.int().min(1).max(256).optional(),
});
export type NameRules = z.infer<typeof nameRulesSchema>;
