import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

/**
 * Reads a secret from a file or named pipe that its owner alone may read, at most `longest` bytes.
 * Undefined when there is none. Throws `AppError` `forbidden` when others may read it or own it.
 */
export async function readPrivateFile(path: string, longest: number): Promise<SecretBytes | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new AppError('unavailable', `The file ${path} cannot be opened: ${codeOf(error)}`, {
      fix: `Check that ${path} is a file of this service's account, not a link.`,
      cause: error,
    });
  }
  try {
    await requirePrivate(file, path);
    return await readAll(file, path, longest);
  } finally {
    await file.close();
  }
}

/**
 * Writes a new file that its owner alone may read: whole and on disk, or not there.
 * Throws `AppError` `conflict` when a file is there already, `unavailable` when it cannot be written.
 */
export async function writePrivateFile(path: string, bytes: Uint8Array): Promise<void> {
  const directory = dirname(path);
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeDurably(unfinished, bytes);
    // A link, not a rename: it refuses to replace what another process put there meanwhile.
    await link(unfinished, path);
    if (process.platform !== 'win32') await syncDirectory(directory);
  } catch (error) {
    if (codeOf(error) === 'EEXIST')
      throw new AppError('conflict', `The file ${path} exists already`, { cause: error });
    throw new AppError('unavailable', `The file ${path} cannot be written: ${codeOf(error)}`, {
      fix: `Make ${directory} writable for the service's account.`,
      cause: error,
    });
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
}

async function requirePrivate(file: FileHandle, path: string): Promise<void> {
  const owner = process.geteuid?.();
  if (owner === undefined) return;
  const { mode, uid } = await file.stat();
  if (uid !== owner) {
    throw new AppError('forbidden', `The file ${path} belongs to user ${uid}, not to ${owner}`, {
      fix: `Give it to the service's account: chown ${owner} ${path}`,
    });
  }
  if ((mode & 0o077) !== 0) {
    throw new AppError(
      'forbidden',
      `The file ${path} is open to others (mode ${(mode & 0o777).toString(8)})`,
      {
        fix: `Close it, and change the secret in it if others may have read it: chmod 600 ${path}`,
      },
    );
  }
}

async function readAll(file: FileHandle, path: string, longest: number): Promise<SecretBytes> {
  using room = SecretBytes.allocate(longest + 1);
  let length = 0;
  while (length <= longest) {
    const { bytesRead } = await file.read(room.bytes, length, room.length - length, null);
    if (bytesRead === 0) return SecretBytes.copy(room.bytes.subarray(0, length));
    length += bytesRead;
  }
  throw new AppError('invalid_configuration', `The file ${path} is longer than ${longest} bytes`);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
