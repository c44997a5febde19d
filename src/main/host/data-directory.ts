import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';

/** Where a service keeps everything, unless told otherwise. */
export function defaultDataDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (env['CARILLON_DATA']) return env['CARILLON_DATA'];
  if (process.platform === 'win32') return join(env['ProgramData'] ?? 'C:\\ProgramData', 'Carillon');
  if (process.getuid?.() === 0) return '/var/lib/carillon';
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Carillon');
  return join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'carillon');
}

/** Makes the directory, or makes sure that only its owner may enter it. */
export function prepareDataDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (process.platform === 'win32') return;
    const found = statSync(path);
    const mine = found.uid === process.getuid?.();
    if (!mine && process.getuid?.() !== 0)
      throw new AppError('forbidden', `${path} belongs to another user`, {
        fix: 'Run the service as its owner, or choose another --data directory.',
      });
    if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('unavailable', `The data directory ${path} cannot be used`, {
      cause,
      fix: 'Make it for the user of the service, or choose another --data directory.',
    });
  }
}
