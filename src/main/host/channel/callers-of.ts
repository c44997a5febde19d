import type { Agent } from '#shared/model/agent.ts';

/** What callers are proven by; whoever is connected stays so while an agent changes in other ways. */
export function callersOf({ id, kind, connection, partitions }: Agent): readonly unknown[] {
  const domains = partitions.map(({ dn, passwordSource }) => [dn, passwordSource?.domain]);
  return [id, kind, kind === 'entsso' ? connection.keytab : connection, domains];
}
