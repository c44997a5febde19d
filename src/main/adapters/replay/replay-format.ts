import { z } from 'zod';

import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { ExternalChange, ExternalSecrets } from '#sso/synchronization/external-change.ts';
import type { NotificationSeal } from '#sso/synchronization/ports.ts';

import { ReplayError } from './replay-error.ts';

const version = 1;
const fact = z.object({ version: z.number() });
const headerSchema = z.strictObject({ version: z.literal(version), adapter: z.string(), sealed: z.base64() });
const recordSchema = z.strictObject({
  version: z.literal(version),
  record: z.int().min(1),
  trackingId: z.string(),
  externalUser: z.string(),
  changedAt: z.int().min(0),
  sealed: z.base64(),
});
const progressSchema = z.strictObject({
  version: z.literal(version),
  record: z.int().min(0),
  sealed: z.base64(),
});

export interface ReplayRecord {
  readonly change: Omit<ExternalChange, 'caller'>;
  readonly secrets: ExternalSecrets;
}

/** First line of a file: whose it is, and sealed what it may be called. */
export function writeHeader(
  file: string,
  adapter: string,
  createdAt: number,
  seal: NotificationSeal,
): string {
  using content = SecretBytes.take(new TextEncoder().encode(JSON.stringify({ file, adapter, createdAt })));
  const sealed = seal.seal(content, placeOf('header', adapter, 0));
  return line({ version, adapter, sealed: Buffer.from(sealed).toString('base64') });
}

/** Throws `ReplayError` 10688, 10694, 10695, 10718 or 10726. */
export function readHeader(
  file: string,
  text: string,
  seal: NotificationSeal,
): { readonly adapter: string; readonly createdAt: number } {
  const header = parse(headerSchema, text, 10694, file);
  using content = open(seal, header.sealed, placeOf('header', header.adapter, 0), 10718, file);
  const said = z
    .strictObject({ file: z.string(), adapter: z.string(), createdAt: z.number() })
    .parse(JSON.parse(Buffer.from(content.bytes).toString('utf8')));
  if (said.file !== file) throw new ReplayError(10695, `${file} was written as ${said.file}`);
  return said;
}

/** One change; every field of it is covered by the seal, and so are the file and the place in it. */
export function writeRecord(
  file: string,
  adapter: string,
  record: number,
  { change, secrets }: ReplayRecord,
  seal: NotificationSeal,
): string {
  const { trackingId, externalUser, changedAt } = change;
  using packed = pack(secrets);
  const place = {
    ...placeOf(`${file} ${record}`, adapter, changedAt),
    externalUser: `${trackingId} ${externalUser}`,
  };
  const sealed = Buffer.from(seal.seal(packed, place)).toString('base64');
  return line({ version, record, trackingId, externalUser, changedAt, sealed });
}

/** Throws `ReplayError` 10688, 10689, 10690 or 10726. The caller wipes the secrets. */
export function readRecord(
  file: string,
  adapter: string,
  expected: number,
  text: string,
  seal: NotificationSeal,
): ReplayRecord {
  const found = parse(recordSchema, text, 10689, file);
  const { record, trackingId, externalUser, changedAt, sealed } = found;
  if (record !== expected)
    throw new ReplayError(10690, `${file} has record ${record} where ${expected} belongs`);
  const place = {
    ...placeOf(`${file} ${record}`, adapter, changedAt),
    externalUser: `${trackingId} ${externalUser}`,
  };
  using packed = open(seal, sealed, place, 10726, file);
  return { change: { trackingId, externalUser, changedAt }, secrets: unpack(packed) };
}

/** How many records of a file were taken up. */
export function writeProgress(file: string, record: number, seal: NotificationSeal): string {
  using content = SecretBytes.take(new TextEncoder().encode(file));
  const sealed = Buffer.from(seal.seal(content, placeOf('progress', file, record))).toString('base64');
  return line({ version, record, sealed });
}

/** Throws `ReplayError` 10688, 10691 or 10696. */
export function readProgress(file: string, text: string, seal: NotificationSeal): number {
  const { record, sealed } = parse(progressSchema, text.trimEnd(), 10696, `the progress of ${file}`);
  open(seal, sealed, placeOf('progress', file, record), 10691, file).wipe();
  return record;
}

function placeOf(what: string, adapter: string, changedAt: number) {
  return { trackingId: `replay ${what}`, adapter, externalUser: '', changedAt };
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function parse<T>(schema: z.ZodType<T>, text: string, wrongVersion: number, file: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ReplayError(10688, `${file} holds something that is no record`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const said = fact.safeParse(value);
  if (said.success && said.data.version !== version)
    throw new ReplayError(wrongVersion, `${file} was written by version ${said.data.version}`);
  throw new ReplayError(10688, `${file} holds something that is no record`);
}

function open(
  seal: NotificationSeal,
  sealed: string,
  place: Parameters<NotificationSeal['open']>[1],
  event: number,
  file: string,
): SecretBytes {
  try {
    return seal.open(Buffer.from(sealed, 'base64'), place);
  } catch (cause) {
    throw new ReplayError(event, `A seal of ${file} does not open: it was altered`, { cause });
  }
}

function pack({ password, oldPassword }: ExternalSecrets): SecretBytes {
  const old = oldPassword?.bytes ?? new Uint8Array(0);
  const packed = SecretBytes.allocate(2 + password.length + old.length);
  new DataView(packed.bytes.buffer).setUint16(0, password.length);
  packed.bytes.set(password.bytes, 2);
  packed.bytes.set(old, 2 + password.length);
  return packed;
}

function unpack({ bytes }: SecretBytes): ExternalSecrets {
  const end = 2 + new DataView(bytes.buffer).getUint16(0);
  const oldPassword = end < bytes.length ? SecretBytes.copy(bytes.subarray(end)) : undefined;
  return { password: SecretBytes.copy(bytes.subarray(2, end)), oldPassword };
}
