import type { Partition } from './agent.ts';

/** NetBIOS name of the domain that a partition holds: as it says, or the first label of its DNS name, as by default. */
export function domainOf({ dn, passwordSource }: Pick<Partition, 'dn' | 'passwordSource'>): string {
  if (passwordSource !== undefined) return passwordSource.domain;
  return (/^\s*dc\s*=\s*([^,]+?)\s*(?:,|$)/i.exec(dn)?.[1] ?? '').slice(0, 15).toUpperCase();
}
