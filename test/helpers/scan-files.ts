import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { countIn } from './scan-memory.ts';

/** The files below a directory that hold any of the needles, and how many files were read. */
export function scanFiles(
  directory: string,
  needles: readonly Uint8Array[],
): { readonly files: number; readonly found: readonly string[] } {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return { files: files.length, found: files.filter((file) => countIn(readFileSync(file), needles) > 0) };
}
