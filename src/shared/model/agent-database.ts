import { z } from 'zod';

import { columnNameSchema } from './agent-column.ts';
import { extensionSchema } from './agent-extension.ts';
import { seconds } from './seconds.ts';

/** A database file of this machine. */
export const databaseFileSchema = z.strictObject({ path: z.string().min(1).max(4096) });

/** A database server; the user's password lives in the vault under the agent's id. */
export const databaseServerSchema = z.strictObject({
  /** Name or address; for PostgreSQL and MySQL also the path of a local socket. */
  host: z.string().min(1).max(1024),
  /** The product's own port where absent. */
  port: z.int().min(1).max(65_535).optional(),
  /** Name of the database; for Oracle its service name. */
  database: z.string().min(1).max(256),
  user: z.string().min(1).max(256),
  /** Whether the connection must be protected by TLS, with a certificate that is trusted. */
  tls: z.boolean().default(true),
  /** Trusted certificate authority, PEM file; the system's own list where absent. */
  caFile: z.string().optional(),
  /** Name that the server's certificate must carry, where it differs from `host`. */
  serverName: z.string().optional(),
  /** Connection timeout. */
  connectTimeout: seconds(1, 600, 10),
});
export type DatabaseServer = z.infer<typeof databaseServerSchema>;

const tableSchema = z
  .string()
  .regex(
    /^(?=.{1,384}$)[\p{L}_][\p{L}\p{N}_$#]*(?:\.[\p{L}_][\p{L}\p{N}_$#]*){0,2}$/u,
    'A table or view, with its schema where needed: schema.table',
  );

/** What is read: a table or view with one row an object. */
export const tableShape = {
  table: tableSchema,
  /** How a delta import finds what has changed. */
  delta: z
    .discriminatedUnion('by', [
      /** A column that grows with every change of a row; it cannot show deletions. */
      z.strictObject({ by: z.literal('column'), column: columnNameSchema }),
      /** A view with the changed rows and what happened to them: Add, Modify or Delete. */
      z.strictObject({ by: z.literal('view'), view: tableSchema, changeColumn: columnNameSchema }),
    ])
    .optional(),
  /** A table with one row a value: the anchor's columns, the attribute's name, the value. */
  multivalue: z
    .strictObject({ table: tableSchema, attributeColumn: columnNameSchema, valueColumn: columnNameSchema })
    .optional(),
} as const;

const statementSchema = z.string().min(1).max(16_384);
const callSchema = z.strictObject({
  procedure: tableSchema,
  /** In the procedure's order: `:password`, `:oldPassword`, `:anchor`, `:dn`, `:mustChange`, `:unlock`, a column of the anchor as `:name`, or a text. */
  parameters: z.array(z.string().max(4096)).max(64).default([]),
});

/** How passwords reach the database. */
export const passwordMethodSchema = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('statement'),
    /** With bound parameters: `UPDATE people SET password = :password WHERE id = :anchor`. */
    set: statementSchema.optional(),
    change: statementSchema.optional(),
    /** A query that gives a row where the password is right. */
    verify: statementSchema.optional(),
  }),
  z.strictObject({
    method: z.literal('procedure'),
    set: callSchema.optional(),
    change: callSchema.optional(),
    verify: statementSchema.optional(),
  }),
  z.strictObject({ method: z.literal('extension'), extension: extensionSchema }),
]);
export type PasswordMethod = z.infer<typeof passwordMethodSchema>;
export type ProcedureCall = z.infer<typeof callSchema>;
