/** So many mappings, in words. */
export function mappingCount(count: number): string {
  return count === 1 ? '1 mapping' : `${count.toLocaleString()} mappings`;
}
