import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** Compares in a time that depends on the length of `given` alone. */
export function isSameSecret(stored: SecretBytes, given: SecretBytes): boolean {
  const [left, right] = [stored.bytes, given.bytes];
  let difference = left.length ^ right.length;
  for (let at = 0; at < right.length; at += 1) difference |= (left[at % left.length] ?? 0) ^ (right[at] ?? 0);
  return difference === 0;
}
