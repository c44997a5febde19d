import { z } from 'zod';

import { columnNameSchema } from './agent-column.ts';

export const fileEncodingSchema = z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1']);
export type FileEncoding = z.infer<typeof fileEncodingSchema>;

/** Where a file is and how its characters are written. */
export const fileConnectionSchema = z.strictObject({
  path: z.string().min(1).max(4096),
  /** A byte order mark in the file comes before this. */
  encoding: fileEncodingSchema.default('utf-8'),
  /** The one folder that `file:` values of LDIF may be read from; none is where absent. */
  urlFolder: z.string().min(1).max(4096).optional(),
});
export type FileConnection = z.infer<typeof fileConnectionSchema>;

/** Columns whose one text holds several values. */
const multivalueSchema = z
  .array(z.strictObject({ column: columnNameSchema, separator: z.string().min(1).max(8) }))
  .max(64)
  .default([]);

/** RFC 4180, with the delimiter and the quote of one's choice. */
export const delimitedLayoutSchema = z.strictObject({
  delimiter: z.string().length(1, 'One character').default(','),
  /** Empty: nothing is quoted. */
  quote: z.string().max(1).default('"'),
  /** Whether the first record names the columns. */
  header: z.boolean().default(true),
  /** Names of the columns where there is no header; with one, what it must say. */
  columns: z.array(columnNameSchema).max(1024).default([]),
  multivalue: multivalueSchema,
});
export type DelimitedLayout = z.infer<typeof delimitedLayoutSchema>;

export const fixedWidthLayoutSchema = z.strictObject({
  /** Lines before the first record. */
  skipLines: z.int().min(0).max(1000).default(0),
  columns: z
    .array(
      z.strictObject({
        name: columnNameSchema,
        /** First character, from 1. */
        start: z.int().min(1).max(65_536),
        /** Characters; spaces around the value are no part of it. */
        width: z.int().min(1).max(65_536),
      }),
    )
    .min(1)
    .max(1024),
});
export type FixedWidthLayout = z.infer<typeof fixedWidthLayoutSchema>;
