import { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { KeyKeeper } from './key-keeper.ts';
import type { KeyRing } from './key-ring.ts';
import type { KeyStore } from './key-store.ts';
import { isProof, proveKey, unwrapKey, wrapKey } from './key-wrap.ts';
import { createPassphraseNote, derivePassphraseKey } from './passphrase-key.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';
import { sealedKeysShape, sealKeys } from './sealed-keys.ts';

const largestFile = 1024 * 1024;
const backupSchema = z.strictObject({ format: z.literal('carillon-keys-1'), ...sealedKeysShape });

/** Writes the vault's keys to a new file, wrapped under a passphrase of at least 12 bytes. */
export async function backUpKeys(ring: KeyRing, file: string, passphrase: SecretBytes): Promise<void> {
  const note = createPassphraseNote();
  using kept = await derivePassphraseKey(passphrase, note);
  await ring.exportUnder(kept, async (keys) => {
    const content = { format: 'carillon-keys-1', ...sealKeys(kept, note, keys) };
    await writePrivateFile(file, new TextEncoder().encode(`${JSON.stringify(content, undefined, 2)}\n`));
  });
}

/**
 * Puts the keys of a backup into a store whose own keys cannot be reached any more, locked by `keeper`.
 * Keys made after the backup are lost, and what they sealed with them.
 */
export async function restoreKeys(
  store: KeyStore,
  keeper: KeyKeeper,
  file: string,
  passphrase: SecretBytes,
): Promise<void> {
  const backup = await readBackup(file);
  using from = await derivePassphraseKey(passphrase, backup.note);
  if (!isProof(from, backup.proof)) {
    throw new AppError('forbidden', `The passphrase is not the one that ${file} was sealed with`);
  }
  const { key: to, note } = await keeper.create();
  using _ = to;
  const keys = backup.keys.map((record) => {
    using key = unwrapKey(from, record.wrapped, record.version);
    if (key === undefined) throw damaged(file);
    return { ...record, retiredAt: record.retiredAt, wrapped: wrapKey(to, key, record.version) };
  });
  await store.replaceAll({ keeper: keeper.kind, note, proof: proveKey(to), backedUpAt: undefined }, keys);
}

async function readBackup(file: string): Promise<z.output<typeof backupSchema>> {
  using content = await readPrivateFile(file, largestFile);
  if (content === undefined) throw new AppError('not_found', `No key backup ${file}`);
  try {
    return backupSchema.parse(JSON.parse(new TextDecoder().decode(content.bytes)));
  } catch (error) {
    throw damaged(file, error);
  }
}

function damaged(file: string, cause?: unknown): AppError {
  return new AppError('damaged', `The key backup ${file} is not whole`, {
    fix: 'Use another copy of it.',
    cause,
  });
}
