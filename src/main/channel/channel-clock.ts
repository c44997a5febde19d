/** Time as the channel sees it; tests move it. */
export interface ChannelClock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Runs once after `delay` milliseconds; the returned function cancels. */
  schedule(delay: number, run: () => void): () => void;
}

export const wallClock: ChannelClock = {
  now: () => Date.now(),
  schedule(delay, run) {
    const timer = setTimeout(run, delay);
    return () => clearTimeout(timer);
  },
};
