import { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { SsoError } from '#sso/sso-error.ts';

import type { LoadedKey } from './key-ring.ts';
import type { KeyRecord } from './key-store.ts';
import { isProof, unwrapKey } from './key-wrap.ts';
import { createPassphraseNote, derivePassphraseKey } from './passphrase-key.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';
import { sealedKeysShape, sealKeys } from './sealed-keys.ts';

const largestFile = 1024 * 1024;
/** Lengths of a backup's password, bytes, and of its reminder, characters. */
const passwordLength = { least: 7, most: 256 };
const longestReminder = 512;

const backupSchema = z.strictObject({
  format: z.literal('carillon-master-secret-1'),
  /** Readable without the password. */
  reminder: z.string().max(longestReminder),
  writtenAt: z.number(),
  ...sealedKeysShape,
});
export type MasterSecretBackup = z.output<typeof backupSchema> & { readonly file: string };

/** What there is to say of a password and a reminder before a backup is written with them. Throws `SsoError`. */
export function checkBackupPassword(password: SecretBytes, reminder: string): void {
  const refuse = (event: number, message: string): never => {
    throw new SsoError(event, 'invalid_input', message);
  };
  if (password.length < passwordLength.least)
    refuse(10836, `The password of the backup has fewer than ${passwordLength.least} characters`);
  if (password.length > passwordLength.most)
    refuse(10839, `The password of the backup has more than ${passwordLength.most} characters`);
  if (reminder.length > longestReminder)
    refuse(10840, `The reminder has more than ${longestReminder} characters`);
}

/** A master secret that gives its keys away, wrapped anew. */
interface BackedUp {
  backUp(key: SecretBytes, write: (keys: readonly KeyRecord[]) => Promise<void>): Promise<void>;
}

/** Writes the master secret to a new file that its owner alone may read, sealed with a password (scrypt). */
export async function writeMasterSecretBackup(
  secret: BackedUp,
  file: string,
  password: SecretBytes,
  reminder: string,
  now: number,
): Promise<void> {
  checkBackupPassword(password, reminder);
  const note = createPassphraseNote();
  using key = await derivePassphraseKey(password, note, passwordLength.least);
  await secret.backUp(key, async (keys) => {
    const content = {
      format: 'carillon-master-secret-1',
      reminder,
      writtenAt: now,
      ...sealKeys(key, note, keys),
    };
    try {
      await writePrivateFile(file, new TextEncoder().encode(`${JSON.stringify(content, undefined, 2)}\n`));
    } catch (cause) {
      if (cause instanceof AppError && cause.code === 'conflict') throw cause;
      throw new SsoError(10561, 'unavailable', `The backup ${file} cannot be written`, {
        cause,
        fix: 'Name a file in a folder that the service may write.',
      });
    }
  });
}

/** Throws `SsoError` 10784 where there is no such file, 10564 where it is no backup. */
export async function readMasterSecretBackup(file: string): Promise<MasterSecretBackup> {
  using content = await readPrivateFile(file, largestFile);
  if (content === undefined) throw new SsoError(10784, 'not_found', `No backup ${file} of the master secret`);
  try {
    return { ...backupSchema.parse(JSON.parse(new TextDecoder().decode(content.bytes))), file };
  } catch (cause) {
    throw new SsoError(10564, 'damaged', `${file} is no whole backup of the master secret`, {
      cause,
      fix: 'Use another copy of it.',
    });
  }
}

/** The secrets of a backup, which the caller wipes. Throws `SsoError` 10779 for a wrong password. */
export async function openMasterSecretBackup(
  backup: MasterSecretBackup,
  password: SecretBytes,
): Promise<readonly LoadedKey[]> {
  if (password.length < passwordLength.least || password.length > passwordLength.most)
    throw wrong(backup.file);
  using from = await derivePassphraseKey(password, backup.note, passwordLength.least);
  if (!isProof(from, backup.proof)) throw wrong(backup.file);
  const opened: LoadedKey[] = [];
  for (const { wrapped, ...record } of backup.keys) {
    const key = unwrapKey(from, wrapped, record.version);
    if (key === undefined) {
      for (const each of opened) each.key.wipe();
      throw new SsoError(10564, 'damaged', `${backup.file} is no whole backup of the master secret`);
    }
    opened.push({ ...record, retiredAt: record.retiredAt, key });
  }
  return opened;
}

function wrong(file: string): SsoError {
  return new SsoError(10779, 'forbidden', `The password is not the one that ${file} was sealed with`);
}
