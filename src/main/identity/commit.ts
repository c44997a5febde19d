/** Runs `work` in one transaction: all of it is on disk when the promise resolves, nothing of it when it rejects. */
export type Commit = <T>(work: () => T) => Promise<T>;
