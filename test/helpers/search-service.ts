import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { countIn, scanMemory } from './scan-memory.ts';

const signal = 'SIGUSR2';

/** Environment of a service that writes a snapshot of its heap below `directory` when it is asked to. */
export function snapshotEnvironment(directory: string): Readonly<Record<string, string>> {
  mkdirSync(directory, { recursive: true });
  return { NODE_OPTIONS: `--heapsnapshot-signal=${signal} --diagnostic-dir=${directory}` };
}

export interface FoundInService {
  /** Copies in the whole memory of the process. */
  readonly memory: number;
  /** Copies in the snapshot of its heap, and the snapshot's size in bytes. */
  readonly heap: number;
  readonly heapSize: number;
}

/** Looks for the needles in a running service that was started with {@link snapshotEnvironment}. */
export async function searchService(
  pid: number,
  directory: string,
  needles: readonly Uint8Array[],
): Promise<FoundInService> {
  // First the memory: taking the snapshot moves things about.
  const memory = scanMemory(pid, needles);
  process.kill(pid, signal);
  const snapshot = await readSnapshot(directory, pid);
  return { memory, heap: countIn(snapshot, needles), heapSize: snapshot.length };
}

/** Waits until the snapshot is whole: Node writes it piece by piece, and its last byte closes the document. */
async function readSnapshot(directory: string, pid: number): Promise<Buffer> {
  const deadline = Date.now() + 300_000;
  while (Date.now() < deadline) {
    const name = readdirSync(directory).find((file) => file.includes(`.${pid}.`));
    const path = join(directory, name ?? '');
    if (name !== undefined && statSync(path).size > 0) {
      const content = readFileSync(path);
      if (content.subarray(-8).toString().trimEnd().endsWith(']}')) {
        rmSync(path);
        return content;
      }
    }
    await delay(100);
  }
  throw new Error(`The process ${pid} wrote no snapshot of its heap`);
}
