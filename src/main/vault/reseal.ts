import type { Seal } from '#engine/seal.ts';

import { sealedVersion } from './sealed-box.ts';
import type { ResealedRow, SealedRow, SealedRows } from './sealed-rows.ts';

const pageSize = 200;

export interface ResealProgress {
  readonly done: number;
  readonly total: number;
}

export interface ResealResult {
  readonly resealed: number;
  /** Rows that do not open; they stay as they are, and so does their key. */
  readonly unreadable: number;
  /** Key versions that rows are still sealed with. */
  readonly versions: ReadonlySet<number>;
}

/**
 * Seals every row anew that is not sealed with key `current`, page by page beside running work.
 * An aborted `signal` ends it between two pages; what was sealed anew stays so.
 * A row written meanwhile is found if it lies behind the walk; one before it was sealed with `current` already.
 */
export async function reseal(
  tables: readonly SealedRows[],
  seal: Seal,
  current: number,
  report: (progress: ResealProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<ResealResult> {
  let total = 0;
  for (const table of tables) total += await table.count();
  const versions = new Set<number>();
  let done = 0;
  let resealed = 0;
  let unreadable = 0;
  for (const table of tables) {
    let after = 0;
    for (;;) {
      signal?.throwIfAborted();
      const page = await table.page(after, pageSize);
      const last = page.at(-1);
      if (last === undefined) break;
      const changed: ResealedRow[] = [];
      for (const row of page) {
        const version = tryVersion(row.sealed);
        if (version === current) continue;
        const next = tryReseal(seal, row);
        if (next !== undefined) changed.push(next);
        else {
          unreadable += 1;
          if (version !== undefined) versions.add(version);
        }
      }
      if (changed.length > 0) await table.replace(changed);
      after = last.id;
      done += page.length;
      resealed += changed.length;
      report({ done, total: Math.max(total, done) });
    }
  }
  return { resealed, unreadable, versions };
}

function tryReseal(seal: Seal, row: SealedRow): ResealedRow | undefined {
  try {
    using secret = seal.open(row.sealed, row.context);
    return { id: row.id, before: row.sealed, after: seal.seal(secret, row.context) };
  } catch {
    return undefined;
  }
}

function tryVersion(sealed: Uint8Array): number | undefined {
  try {
    return sealedVersion(sealed);
  } catch {
    return undefined;
  }
}
