import { existsSync } from 'node:fs';

import { writeAtomically } from './configuration/write-atomically.ts';

/** Writes the smallest configuration where there is none; gives whether it did. */
export function createConfiguration(path: string): boolean {
  if (existsSync(path)) return false;
  writeAtomically(path, `${JSON.stringify({ version: 1, metricsPort: 0, agents: [] }, null, 2)}\n`);
  return true;
}
