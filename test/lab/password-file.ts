import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lends a password to a tool that reads it from a file: in memory only, for root only, and gone afterwards. */
export async function withPasswordFile<T>(content: string, use: (path: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync('/dev/shm/carillon-');
  try {
    const path = join(directory, 'password');
    writeFileSync(path, content, { mode: 0o600 });
    return await use(path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
