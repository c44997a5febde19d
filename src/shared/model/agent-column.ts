import { z } from 'zod';

/** A column of a file or table, or an attribute of a directory. */
export const columnNameSchema = z
  .string()
  .regex(
    /^(?=.{1,128}$)[\p{L}_](?:[\p{L}\p{N}_.;#$ -]*[\p{L}\p{N}_.;#$-])?$/u,
    'Not an attribute or column name',
  );

/** What a file's records and a table's rows have in common: neither has a name or a class of its own. */
export const recordShape = {
  /** Columns that together name an object for good. */
  anchor: z.array(columnNameSchema).min(1).max(4),
  /** Type of every object that has none of its own. */
  objectType: z.string().trim().min(1).max(64).default('person'),
  /** Column that holds an object's type. */
  objectTypeColumn: columnNameSchema.optional(),
} as const;
