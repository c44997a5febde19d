import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';

/** Longest socket path that every Unix takes, bytes (sun_path of macOS, less its closing zero). */
const pathLimit = 103;

const pipeSchema = z.strictObject({ pipe: z.string(), token: z.string() });

/**
 * Where the service of a data directory listens. Unix: a socket that only its owner and root may open. Windows: a
 * pipe with a fresh name, and a token to say first; both stand in a file of the data directory, whose access list
 * decides, since a pipe by default lets everyone read.
 */
export interface ControlAddress {
  readonly path: string;
  readonly token: string | undefined;
}

export function createControlAddress(dataDirectory: string): ControlAddress {
  if (process.platform !== 'win32') return unixAddress(dataDirectory);
  const address = { pipe: `\\\\.\\pipe\\carillon-${randomUUID()}`, token: randomUUID() };
  writeFileSync(join(dataDirectory, 'control.json'), JSON.stringify(address), { mode: 0o600 });
  return { path: address.pipe, token: address.token };
}

/** Throws `AppError` `unavailable` where no service has run yet. */
export function findControlAddress(dataDirectory: string): ControlAddress {
  if (process.platform !== 'win32') return unixAddress(dataDirectory);
  try {
    const { pipe, token } = pipeSchema.parse(
      JSON.parse(readFileSync(join(dataDirectory, 'control.json'), 'utf8')),
    );
    return { path: pipe, token };
  } catch (cause) {
    throw new AppError('unavailable', `No service runs in ${dataDirectory}`, { cause });
  }
}

function unixAddress(dataDirectory: string): ControlAddress {
  const path = join(dataDirectory, 'control.sock');
  if (Buffer.byteLength(path) > pathLimit)
    throw new AppError('invalid_input', `The socket path ${path} is longer than ${pathLimit} bytes`, {
      fix: 'Choose a data directory with a shorter path.',
    });
  return { path, token: undefined };
}
