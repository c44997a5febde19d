/** Whether two lists, or two runs of bytes, hold the same in the same order. Not for secrets: it ends at the first difference. */
export function isSameSequence<T>(left: ArrayLike<T>, right: ArrayLike<T>): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}
