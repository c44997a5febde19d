import { z } from 'zod';

import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { KeyRecord } from './key-store.ts';
import { proveKey } from './key-wrap.ts';

const base64 = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));

/** The keys of a backup file, and what makes the key that they are wrapped under out of its passphrase. */
export const sealedKeysShape = {
  note: base64,
  /** Tells a wrong passphrase from a damaged file. */
  proof: base64,
  keys: z
    .array(
      z.strictObject({
        version: z.int().min(0),
        state: z.enum(['root', 'active', 'retired']),
        wrapped: base64,
        createdAt: z.number(),
        retiredAt: z.number().optional(),
        uses: z.number(),
      }),
    )
    .min(2)
    .max(10_000),
};

/** The same for writing: `keys` are wrapped under `key` already. */
export function sealKeys(key: SecretBytes, note: Uint8Array, keys: readonly KeyRecord[]) {
  return {
    note: toBase64(note),
    proof: toBase64(proveKey(key)),
    keys: keys.map((record) => ({ ...record, wrapped: toBase64(record.wrapped) })),
  };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
