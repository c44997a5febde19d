import type { Partition } from '#shared/model/agent.ts';
import { foldDn, isWithin } from '#shared/text/distinguished-name.ts';

/**
 * Prepares the test whether a folded distinguished name lies in the partition's containers. The nearest container
 * decides, so that a container can be excluded and one inside it included again.
 */
export function compileScope(partition: Partition): (foldedDn: string) => boolean {
  const root = fold(partition.dn);
  const containers = [
    ...partition.include.map((dn) => ({ dn: fold(dn), included: true })),
    ...partition.exclude.map((dn) => ({ dn: fold(dn), included: false })),
    { dn: root, included: partition.include.length === 0 },
  ].sort((one, other) => other.dn.length - one.dn.length);
  return (dn) =>
    isWithin(dn, root) && (containers.find((container) => isWithin(dn, container.dn))?.included ?? false);
}

function fold(dn: string): string {
  // A name that cannot be parsed matches nothing.
  return foldDn(dn) ?? '\0';
}
