import { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';

import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from './json-value.ts';
import { hashBody, type Snapshot, snapshotFormat, snapshotSchemaVersion } from './snapshot.ts';

/** Characters of the longest file that is read; a snapshot of 10,000 objects has about five million. */
const longest = 64 * 1024 * 1024;
const deepest = 32;

const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'Not an object',
);

const fileSchema = z.strictObject({
  format: z.literal(snapshotFormat),
  schema: z.literal(snapshotSchemaVersion),
  body: z.strictObject({
    configuration: jsonObject,
    parts: z.array(z.string().min(1).max(1024)).max(100_000).optional(),
    secrets: z.record(z.string().max(1024), z.enum(['set', 'not set'])),
    sections: jsonObject.optional(),
  }),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'Not a SHA-256'),
  origin: z.strictObject({
    product: z.string().max(64),
    host: z.string().max(256),
    madeAt: z.iso.datetime(),
    madeBy: z.string().max(512),
    revision: z.string().max(64),
  }),
  signature: z
    .strictObject({
      algorithm: z.literal('ed25519'),
      publicKey: z.base64().max(256),
      value: z.base64().max(256),
    })
    .optional(),
});

/**
 * Reads a snapshot's file. Throws `AppError`: `invalid_input` where it is none or of another version, `damaged`
 * where its content does not have the hash that it states.
 */
export function parseSnapshot(text: string, name = 'The file'): Snapshot {
  const value = readJson(text, name);
  const version = isJsonObject(value) ? value['schema'] : undefined;
  if (isJsonObject(value) && value['format'] === snapshotFormat && version !== snapshotSchemaVersion)
    throw new AppError('invalid_input', `${name} is a snapshot of version ${JSON.stringify(version)}`, {
      fix: `This program reads version ${snapshotSchemaVersion}; use the one that wrote it.`,
    });
  const { success, data, error } = fileSchema.safeParse(value);
  if (!success)
    throw new AppError('invalid_input', `${name} is no snapshot: ${placeOf(error)}`, {
      fix: 'Name a file that "carillon snapshot export" or the console wrote.',
    });
  const { body, sha256, origin, signature } = data;
  const snapshot: Snapshot = {
    body: {
      configuration: body.configuration,
      ...(body.parts && { parts: body.parts }),
      secrets: body.secrets,
      ...(body.sections && { sections: body.sections }),
    },
    sha256,
    origin,
    ...(signature && { signature }),
  };
  if (hashBody(snapshot.body) !== sha256)
    throw new AppError('damaged', `${name} was changed after it was made: its SHA-256 is another one`, {
      fix: 'Use the file as it was exported, or export it again.',
    });
  return snapshot;
}

function readJson(text: string, name: string): JsonValue {
  if (text.length > longest)
    throw new AppError('invalid_input', `${name} has more than ${longest} characters`);
  let value: JsonValue;
  try {
    value = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text) as JsonValue;
  } catch {
    // Without its cause: the parser quotes what it read.
    throw new AppError('invalid_input', `${name} is not JSON`, {
      fix: 'Name a file that "carillon snapshot export" or the console wrote.',
    });
  }
  requireShallow(value, name);
  return value;
}

/** Everything that follows walks the value by recursion, so its depth is bounded first, without any. */
function requireShallow(value: JsonValue, name: string): void {
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest)
      throw new AppError('invalid_input', `${name} is nested deeper than ${deepest} levels`);
    const next: JsonValue[] = [];
    for (const one of level)
      if (isJsonList(one)) for (const inner of one) next.push(inner);
      else if (isJsonObject(one)) for (const inner of Object.values(one)) next.push(inner);
    level = next;
  }
}

function placeOf({ issues }: z.ZodError): string {
  const [first] = issues;
  const place = first?.path.join('.') ?? '';
  return place === '' ? (first?.message ?? 'wrong form') : `${place}: ${first?.message}`;
}
