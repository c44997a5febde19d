import type { Clock } from '#engine/clock.ts';

/** Longest delay that a Node timer keeps; a longer one would fire at once. */
const longest = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delay, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, delay), longest));
    return () => clearTimeout(timer);
  },
};
