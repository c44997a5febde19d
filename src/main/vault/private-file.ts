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

/** Writes a new file that its owner alone may read: whole and on disk, or not there. Throws when one is there. */
export async function writePrivateFile(path: string, bytes: Uint8Array): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${process.pid}.part`;
  try {
    const file = await open(unfinished, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link, not a rename: it refuses to replace what another process put there meanwhile.
    await link(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  if (process.platform === 'win32') return;
  const folder = await open(directory, 'r');
  await folder.sync().finally(() => folder.close());
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
