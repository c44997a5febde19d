import type { Comparison } from '#shared/contract/snapshots.ts';

/** `2 added, 1 changed`; `No differences` where there are none. */
export function summarize({ identical, counts }: Comparison): string {
  if (identical) return 'No differences';
  const words = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${count} ${count === 1 ? word.replace('conflicts', 'conflict') : word}`);
  return words.join(', ');
}
