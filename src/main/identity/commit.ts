/** Runs `work` in one transaction: all of it is on disk when the promise resolves, nothing of it when it rejects. */
export type Commit = <T>(work: () => T) => Promise<T>;

/**
 * The two ways to write. `repeatable` is for what a directory can be asked for again: a power failure may take it
 * back, in the reverse order of its writing, until something that `commit` wrote later is on disk.
 */
export interface Commits {
  readonly commit: Commit;
  readonly repeatable: Commit;
}
