import type { SealContext } from '#engine/seal.ts';

/** A sealed secret where it lies, with what its seal covers. */
export interface SealedRow {
  readonly id: number;
  readonly sealed: Uint8Array;
  readonly context: SealContext;
}

export interface ResealedRow {
  readonly id: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** A table of sealed secrets, as key rotation walks through it. */
export interface SealedRows {
  count(): number | Promise<number>;
  /** Rows behind `after` in row order, at most `limit`. */
  page(after: number, limit: number): readonly SealedRow[] | Promise<readonly SealedRow[]>;
  /** Replaces rows that still hold `before`; others were settled or written anew meanwhile. */
  replace(rows: readonly ResealedRow[]): Promise<void>;
}
