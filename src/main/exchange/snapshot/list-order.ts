import { isJsonObject, type JsonValue } from './json-value.ts';

/** What the order of a list means. `sequence`: everything; `set`: nothing; otherwise the property that sorts it. */
type ListOrder = 'sequence' | 'set' | { readonly by: string };

/**
 * Lists whose order is not what their elements suggest, by their place in the configuration. Elements with an
 * identity are a set and the others a sequence where nothing is said here.
 */
const orders: Readonly<Record<string, ListOrder>> = {
  // An earlier agent's attribute flow takes precedence.
  agents: 'sequence',
  'agents[].partitions[].include': 'set',
  'agents[].partitions[].exclude': 'set',
  'agents[].partitions[].passwordSource.targets': 'set',
  'agents[].join[].mappings': 'set',
  // Order counts among flows to one attribute only, and a stable sort keeps it there.
  'agents[].flow': { by: 'person' },
  'agents[].exportFlow': { by: 'connector' },
  'agents[].filter': 'set',
  'agents[].filter[].conditions': 'set',
  'metaverse.precedence': { by: 'attribute' },
  'metaverse.deletionRule.agents': 'set',
  'singleSignOn.system.administrators': 'set',
  'singleSignOn.system.affiliateAdministrators': 'set',
};

/** Properties that tell an element from its neighbours, best first. */
const identities = ['id', 'guid', 'name', 'dn'] as const;

/** The property that every element of the list is known by; undefined where there is none or a value comes twice. */
export function identityOf(list: readonly JsonValue[]): string | undefined {
  return identities.find((property) => {
    const seen = new Set<string>();
    for (const element of list) {
      const value = isJsonObject(element) ? element[property] : undefined;
      if (typeof value !== 'string' || seen.has(value.toLowerCase())) return false;
      seen.add(value.toLowerCase());
    }
    return list.length > 0;
  });
}

/** Whether the list's order at `place` means something by itself. */
export function isSequence(place: string, list: readonly JsonValue[]): boolean {
  const order = orders[place];
  return order === undefined ? identityOf(list) === undefined : order === 'sequence';
}

/** Whether the list at `place` is a set of plain values. */
export function isSet(place: string): boolean {
  return orders[place] === 'set';
}

/** The list in the one order that stands for all that mean the same. */
export function orderList(place: string, list: readonly JsonValue[]): readonly JsonValue[] {
  if (list.length < 2 || isSequence(place, list)) return list;
  const order = orders[place];
  const by = typeof order === 'object' ? order.by : identityOf(list);
  const keyed = list.map((element) => ({ element, key: sortKey(element, by) }));
  return keyed
    .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
    .map(({ element }) => element);
}

function sortKey(element: JsonValue, by: string | undefined): string {
  const value = by !== undefined && isJsonObject(element) ? element[by] : undefined;
  return typeof value === 'string' ? value.toLowerCase() : JSON.stringify(element);
}
