/** The candidate that a mistyped word most likely means; undefined where none is near. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distanceTo(lower, candidate.toLowerCase()) }))
    .sort((left, right) => left.distance - right.distance);
  const best = ranked[0];
  const tolerance = Math.max(1, Math.floor(word.length / 3));
  return best !== undefined && best.distance <= tolerance ? best.candidate : undefined;
}

/** A word that stops short, `pasword` for `passwordSync`, costs one more than its mistakes. */
function distanceTo(word: string, candidate: string): number {
  const starts = [word.length, word.length + 1].map((length) => candidate.slice(0, length));
  const short = word.length < 4 ? [] : starts.map((start) => editDistance(word, start) + 1);
  return Math.min(editDistance(word, candidate), ...short);
}

/** Levenshtein distance with neighbours swapped counted once. */
function editDistance(left: string, right: string): number {
  let older: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (older[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
      current.push(cost);
    }
    older = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
