import type { Comparison, ObjectDifference, PropertyDifference } from '#shared/contract/snapshots.ts';

import type { JsonValue } from '../snapshot/json-value.ts';
import { alignObjects, type Pair } from './align-objects.ts';
import {
  type ComparedSide,
  type CompareOptions,
  comparable,
  type Names,
  readable,
} from './compare-configurations.ts';
import { type ConfigObject, orderPrefix } from './config-object.ts';
import { kindWords, labelWords, nameWords } from './property-words.ts';

/** One object of up to three sides. */
interface Triple {
  readonly base?: ConfigObject | undefined;
  readonly left?: ConfigObject | undefined;
  readonly right?: ConfigObject | undefined;
  readonly children: readonly Triple[];
}

type Side = 'base' | 'left' | 'right';
type Sides = Readonly<Record<Side, Names>>;

/** Compares two configurations with what both were once: who changed what, and where both did so differently. */
export function compareThree(
  base: ComparedSide,
  left: ComparedSide,
  right: ComparedSide,
  { ignore = [], all = false }: CompareOptions = {},
): Comparison {
  const root = join(alignObjects(base.root, left.root), alignObjects(base.root, right.root));
  const names = numberTriples(root);
  const ignored = new Set(ignore);
  const counts = { added: 0, removed: 0, changed: 0, renamed: 0, moved: 0, conflicts: 0 };

  function visit(triple: Triple, depth: number): ObjectDifference[] {
    const object = triple.right ?? triple.left ?? triple.base;
    if (object === undefined || ignored.has(object.place)) return [];
    const properties = compareValues(triple, names, ignored);
    const state = stateOf(triple, properties);
    if (state !== 'same') counts[state] += 1;
    counts.conflicts += properties.filter(({ by }) => by === 'conflict').length;
    const inner = triple.children.flatMap((child) => visit(child, depth + 1));
    if (!all && state === 'same' && inner.length === 0) return [];
    return [
      {
        key: object.key,
        depth,
        kind: kindWords(object.place),
        name: nameWords(object.place, object.name),
        state,
        properties: all ? properties : properties.filter((property) => property.state !== 'same'),
      },
      ...inner,
    ];
  }

  const objects = visit(root, 0);
  const identical = Object.values(counts).every((count) => count === 0);
  return { left: left.title, right: right.title, base: base.title, identical, counts, objects };
}

/** Joins two alignments with the same base; what both sides added alike becomes one. */
function join(left: Pair | undefined, right: Pair | undefined): Triple {
  const base = left?.left ?? right?.left;
  const rights = new Map<ConfigObject, Pair>();
  const added = new Map<string, Pair>();
  for (const child of right?.children ?? [])
    if (child.left !== undefined) rights.set(child.left, child);
    else if (child.right !== undefined) added.set(addedKey(child.right), child);
  const children = (left?.children ?? []).map((child) => {
    if (child.left !== undefined) {
      const twin = rights.get(child.left);
      rights.delete(child.left);
      return join(child, twin);
    }
    const key = child.right === undefined ? '' : addedKey(child.right);
    const twin = added.get(key);
    added.delete(key);
    return join(child, twin);
  });
  const rest = [...rights.values(), ...added.values()].map((child) => join(undefined, child));
  return { base, left: left?.right, right: right?.right, children: [...children, ...rest] };
}

function addedKey(object: ConfigObject): string {
  return `${object.place}\0${object.identity}`;
}

function numberTriples(root: Triple): Sides {
  const pairs = (side: Side): Names => {
    const names = new Map<string, { number: number; name: string }>();
    let number = 0;
    const visit = (triple: Triple): void => {
      number += 1;
      const object = triple[side];
      const id = object?.values.get('id') ?? object?.values.get('guid');
      if (object !== undefined && typeof id === 'string')
        names.set(id.toLowerCase(), { number, name: object.name });
      for (const child of triple.children) visit(child);
    };
    visit(root);
    return names;
  };
  return { base: pairs('base'), left: pairs('left'), right: pairs('right') };
}

function stateOf(
  { base, left, right }: Triple,
  properties: readonly PropertyDifference[],
): Exclude<ObjectDifference['state'], 'moved'> {
  if (base === undefined) return 'added';
  if (left === undefined || right === undefined) return 'removed';
  if (base.place.endsWith('[]') && (base.name !== left.name || base.name !== right.name)) return 'renamed';
  return properties.some(({ state }) => state !== 'same') ? 'changed' : 'same';
}

function compareValues(triple: Triple, names: Sides, ignored: ReadonlySet<string>): PropertyDifference[] {
  const { base, left, right } = triple;
  const place = (right ?? left ?? base)?.place ?? '';
  const paths = new Set([base, left, right].flatMap((object) => [...(object?.values.keys() ?? [])]));
  return [...paths].flatMap((path): PropertyDifference[] => {
    const full = place === '' ? path : `${place}.${path}`;
    const isIdentity = (path === 'id' || path === 'guid') && base !== undefined;
    if (ignored.has(full) || isIdentity || path.startsWith(orderPrefix)) return [];
    const value = (side: Side): JsonValue | undefined => triple[side]?.values.get(path);
    const text = (side: Side): string | undefined => {
      const found = value(side);
      return found === undefined ? undefined : comparable(found, names[side], full);
    };
    const shown = (side: Side) => {
      const found = value(side);
      return found === undefined ? {} : { [side]: readable(found, names[side]) };
    };
    const [was, one, other] = [text('base'), text('left'), text('right')];
    const same = was === one && was === other;
    const by =
      one === other
        ? 'both'
        : was === other
          ? 'left'
          : was === one
            ? ('right' as const)
            : ('conflict' as const);
    return [
      {
        path,
        label: labelWords(place, path),
        state: same
          ? 'same'
          : was === undefined
            ? 'added'
            : one === undefined && other === undefined
              ? 'removed'
              : 'changed',
        ...shown('base'),
        ...shown('left'),
        ...shown('right'),
        ...(same ? {} : { by }),
      },
    ];
  });
}
