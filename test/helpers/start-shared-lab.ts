import type { TestProject } from 'vitest/node';

import { startLab } from '#lab/lab.ts';

import type { SharedLab } from './shared-lab.ts';

/** Boots the shared servers once before the integration tests and stops them afterwards. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const lab = await startLab();
  // Tests run in other processes: they get the plain data, without the functions.
  project.provide('sharedLab', JSON.parse(JSON.stringify(lab)) as SharedLab);
  return () => lab.stop();
}
