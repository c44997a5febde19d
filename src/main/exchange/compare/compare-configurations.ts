import type {
  Comparison,
  ObjectDifference,
  ObjectState,
  PropertyDifference,
} from '#shared/contract/snapshots.ts';

import { isJsonList, isJsonObject, type JsonValue } from '../snapshot/json-value.ts';
import { isSet } from '../snapshot/list-order.ts';
import { alignByIdentity, alignObjects, type Pair } from './align-objects.ts';
import type { ConfigObject } from './config-object.ts';
import { orderPrefix } from './config-object.ts';
import { kindWords, labelWords, nameWords } from './property-words.ts';

export interface ComparedSide {
  readonly title: string;
  readonly root: ConfigObject;
}

export interface CompareOptions {
  /** Places that are not looked at. */
  readonly ignore?: readonly string[];
  /** Objects and properties that are the same, too. */
  readonly all?: boolean;
  /** One server's own past: objects with another identity are others, however alike. */
  readonly strict?: boolean;
}

/** Which object an identifier stands for, on one side: a number that both sides share, and its name there. */
export type Names = ReadonlyMap<string, { readonly number: number; readonly name: string }>;

/** Compares two configurations by object and property; what only looks different counts as the same. */
export function compareConfigurations(
  left: ComparedSide,
  right: ComparedSide,
  { ignore = [], all = false, strict = false }: CompareOptions = {},
): Comparison {
  const root = (strict ? alignByIdentity : alignObjects)(left.root, right.root);
  const { lefts, rights } = numberPairs(root);
  const ignored = new Set(ignore);
  const counts = { added: 0, removed: 0, changed: 0, renamed: 0, moved: 0, conflicts: 0 };

  function visit(pair: Pair, depth: number): ObjectDifference[] {
    const object = pair.right ?? pair.left;
    if (object === undefined || isIgnored(object.place, ignored)) return [];
    const properties = compareValues(pair, { lefts, rights, ignored, all });
    const state = stateOf(pair, properties);
    if (state !== 'same') counts[state] += 1;
    const inner = pair.children.flatMap((child) => visit(child, depth + 1));
    if (!all && state === 'same' && inner.length === 0) return [];
    const before = beforeOf(pair, state);
    return [
      {
        key: object.key,
        depth,
        kind: kindWords(object.place),
        name: nameWords(object.place, object.name),
        state,
        ...(before === undefined ? {} : { before }),
        properties,
      },
      ...inner,
    ];
  }

  const objects = visit(root, 0);
  const identical = Object.values(counts).every((count) => count === 0);
  return { left: left.title, right: right.title, identical, counts, objects };
}

function stateOf({ left, right, likeness }: Pair, properties: readonly PropertyDifference[]): ObjectState {
  if (left === undefined) return 'added';
  if (right === undefined) return 'removed';
  if (likeness === 'moved') return 'moved';
  if (left.place.endsWith('[]') && left.name !== right.name) return 'renamed';
  return properties.some(({ state }) => state !== 'same') ? 'changed' : 'same';
}

function beforeOf({ left }: Pair, state: ObjectState): string | undefined {
  if (state === 'renamed') return left?.name;
  return state === 'moved' ? left?.key.split('/').slice(0, -2).join('/') : undefined;
}

interface ValueContext {
  readonly lefts: Names;
  readonly rights: Names;
  readonly ignored: ReadonlySet<string>;
  readonly all: boolean;
}

function compareValues({ left, right, likeness }: Pair, context: ValueContext): PropertyDifference[] {
  const { lefts, rights, ignored, all } = context;
  const place = (right ?? left)?.place ?? '';
  const differences: PropertyDifference[] = [];
  const judge = (path: string, before: JsonValue | undefined, after: JsonValue | undefined): void => {
    const full = place === '' ? path : `${place}.${path}`;
    // Two servers give the same object identifiers of their own.
    if (isIgnored(full, ignored) || ((path === 'id' || path === 'guid') && likeness !== 'none')) return;
    const isOrder = path.startsWith(orderPrefix);
    const same = isOrder
      ? left === undefined || right === undefined || sameOrder(before, after, lefts, rights)
      : before !== undefined && after !== undefined && sameValue(before, after, context, full);
    if (same && (isOrder || !all)) return;
    differences.push({
      path,
      label: labelWords(place, path),
      state: same ? 'same' : before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
      ...(before === undefined ? {} : { left: readable(before, lefts) }),
      ...(after === undefined ? {} : { right: readable(after, rights) }),
    });
  };
  for (const [path, before] of left?.values ?? []) {
    const after = right?.values.get(path);
    if (before !== after || all) judge(path, before, after);
  }
  for (const [path, after] of right?.values ?? [])
    if (left?.values.has(path) !== true) judge(path, undefined, after);
  return differences;
}

/** Whether both sides mean the same: an identifier means the object that it stands for. */
function sameValue(
  before: JsonValue,
  after: JsonValue,
  { lefts, rights }: ValueContext,
  place: string,
): boolean {
  if (isSet(place)) return comparable(before, lefts, place) === comparable(after, rights, place);
  const same = (one: JsonValue | undefined, other: JsonValue | undefined): boolean => {
    if (typeof one === 'string' && typeof other === 'string') {
      const [mine, theirs] = [lefts.get(one.toLowerCase()), rights.get(other.toLowerCase())];
      return mine === undefined || theirs === undefined ? one === other : mine.number === theirs.number;
    }
    if (isJsonList(one) && isJsonList(other))
      return one.length === other.length && one.every((inner, index) => same(inner, other[index]));
    if (isJsonObject(one) && isJsonObject(other)) {
      const keys = Object.keys(one);
      return keys.length === Object.keys(other).length && keys.every((key) => same(one[key], other[key]));
    }
    return one === other;
  };
  return same(before, after);
}

function isIgnored(place: string, ignored: ReadonlySet<string>): boolean {
  if (ignored.size === 0) return false;
  if (ignored.has(place)) return true;
  return [...ignored].some((one) => place.startsWith(`${one}.`) || place.startsWith(`${one}[]`));
}

/** Whether what both lists have stands in the same order. */
function sameOrder(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  lefts: Names,
  rights: Names,
): boolean {
  const numbers = (list: JsonValue | undefined, names: Names): readonly number[] =>
    (isJsonList(list) ? list : []).flatMap((id) => names.get(String(id))?.number ?? []);
  const one = numbers(before, lefts);
  const other = numbers(after, rights);
  const [mine, theirs] = [new Set(one), new Set(other)];
  return (
    JSON.stringify(one.filter((number) => theirs.has(number))) ===
    JSON.stringify(other.filter((number) => mine.has(number)))
  );
}

/** Gives every object that has an identifier a number that both sides share. */
export function numberPairs(root: Pair): { readonly lefts: Names; readonly rights: Names } {
  const lefts = new Map<string, { number: number; name: string }>();
  const rights = new Map<string, { number: number; name: string }>();
  let number = 0;
  const visit = (pair: Pair): void => {
    number += 1;
    for (const [object, names] of [
      [pair.left, lefts],
      [pair.right, rights],
    ] as const) {
      const id = object?.values.get('id') ?? object?.values.get('guid');
      if (object !== undefined && typeof id === 'string')
        names.set(id.toLowerCase(), { number, name: object.name });
    }
    for (const child of pair.children) visit(child);
  };
  visit(root);
  return { lefts, rights };
}

/** The value as a text that is equal where both sides mean the same. */
export function comparable(value: JsonValue, names: Names, place: string): string {
  if (isSet(place) && isJsonList(value))
    return value
      .map((element) => comparable(element, names, `${place}[]`))
      .sort()
      .join();
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'string') return inner;
    const known = names.get(inner.toLowerCase());
    return known === undefined ? inner : `\0${known.number}`;
  });
}

/** The value with the names of the objects that it refers to. */
export function readable(value: JsonValue, names: Names): PropertyDifference['left'] {
  if (typeof value === 'string') return names.get(value.toLowerCase())?.name ?? value;
  if (isJsonList(value)) return value.map((inner) => readable(inner, names) ?? null);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, readable(inner, names) ?? null]),
  );
}
