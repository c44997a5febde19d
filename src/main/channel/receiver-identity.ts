import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';

import { pinOf } from './key-pin.ts';

/** What a receiver proves itself with in TLS. */
export interface ReceiverIdentity {
  /** PEM; a chain may follow. */
  readonly certificate: Buffer;
  /** PEM. */
  readonly key: Buffer;
  /** `sha256/<base64>`: what senders pin. */
  readonly fingerprint: string;
}

/** Opens the receiver's own key; makes one where `path` has none yet. Throws `AppError`. */
export async function openReceiverIdentity(path: string, name: string): Promise<ReceiverIdentity> {
  const kept = await tryReadPrivate(path);
  if (kept !== undefined) return toIdentity(kept, kept, path);
  // The certificate library takes a fifth of a second to load: only the first start pays for it.
  const { createKeyCertificate } = await import('./create-key-certificate.ts');
  await writeOnce(path, await createKeyCertificate(name));
  // Read back, since another process may have been first.
  const written = await tryReadPrivate(path);
  if (written === undefined) throw new AppError('damaged', `The key ${path} vanished`);
  return toIdentity(written, written, path);
}

/** Reads a company's certificate and its key, both PEM. Throws `AppError`. */
export async function readCompanyIdentity(files: {
  readonly certificateFile: string;
  readonly keyFile: string;
}): Promise<ReceiverIdentity> {
  const key = await tryReadPrivate(files.keyFile);
  if (key === undefined) throw new AppError('not_found', `There is no key file ${files.keyFile}`);
  try {
    return toIdentity(await readFile(files.certificateFile), key, files.certificateFile);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('not_found', `The certificate ${files.certificateFile} cannot be read`, { cause });
  }
}

function toIdentity(certificate: Buffer, key: Buffer, path: string): ReceiverIdentity {
  let first: X509Certificate;
  let isPair: boolean;
  try {
    first = new X509Certificate(certificate);
    isPair = first.checkPrivateKey(createPrivateKey(key));
  } catch (cause) {
    throw new AppError('damaged', `${path} does not hold a certificate and key in PEM`, {
      fix: 'Put the file back from a backup. Without it, move it away: a new key is made, whose fingerprint every target then needs.',
      cause,
    });
  }
  if (!isPair) throw new AppError('invalid_configuration', `The certificate ${path} belongs to another key`);
  return { certificate, key, fingerprint: pinOf(first) };
}

async function tryReadPrivate(path: string): Promise<Buffer | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    const { mode, uid } = await file.stat();
    const owner = process.geteuid?.();
    if (owner !== undefined && ((mode & 0o077) !== 0 || (uid !== owner && uid !== 0)))
      throw new AppError('forbidden', `The key ${path} can be read by others than this service's account`, {
        fix: `chown ${owner} ${path} && chmod 600 ${path}`,
      });
    return await file.readFile();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new AppError('unavailable', `The key ${path} cannot be read: ${String(cause)}`, { cause });
  }
}

/** Puts a new file in place, whole or not at all; one that is there already stays. */
async function writeOnce(path: string, content: Buffer): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    await using file = await open(unfinished, 'wx', 0o600);
    await file.writeFile(content);
    await file.sync();
    await link(unfinished, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return;
    throw new AppError('unavailable', `The key ${path} cannot be written: ${String(cause)}`, {
      fix: `Make ${dirname(path)} writable for the service's account.`,
      cause,
    });
  } finally {
    content.fill(0);
    await rm(unfinished, { force: true });
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows has no handle for a folder; NTFS journals the link itself.
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
}
