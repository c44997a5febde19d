/** Time as the engine sees it; tests move it. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Runs once after `delay` milliseconds, in the next turn where that is past; the returned function cancels. */
  schedule(delay: number, run: () => void): () => void;
}
