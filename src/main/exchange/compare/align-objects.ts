import type { ConfigObject } from './config-object.ts';

/** How two objects were found to be the same one; `none` where one side has it alone. */
export type Likeness = 'identity' | 'name' | 'content' | 'moved' | 'none';

/** One object of either side or of both. */
export interface Pair {
  readonly left?: ConfigObject;
  readonly right?: ConfigObject;
  readonly likeness: Likeness;
  readonly children: readonly Pair[];
}

/** Part of the values that two objects must share to count as one that was renamed. */
const alike = 0.7;
/** Comparisons of one with another that a search for renamed objects may cost. */
const pairLimit = 40_000;

/** Finds which objects of two configurations are the same, top down, and then those that moved. */
export function alignObjects(left: ConfigObject, right: ConfigObject): Pair {
  return markMoves(pairUp(left, right, 'identity', false));
}

/** The same for one server's own past, where only an equal identity means the same object. */
export function alignByIdentity(left: ConfigObject, right: ConfigObject): Pair {
  return pairUp(left, right, 'identity', true);
}

function pairUp(left: ConfigObject, right: ConfigObject, likeness: Likeness, strict: boolean): Pair {
  const partners = new Map<ConfigObject, { readonly right: ConfigObject; readonly likeness: Likeness }>();
  const taken = new Set<ConfigObject>();
  const match = (likeness: Likeness, keyOf: (object: ConfigObject) => string): void => {
    const open = new Map<string, ConfigObject | undefined>();
    for (const child of right.children) {
      if (taken.has(child)) continue;
      const key = keyOf(child);
      // A key that two objects have tells nothing.
      open.set(key, open.has(key) ? undefined : child);
    }
    for (const child of left.children) {
      if (partners.has(child)) continue;
      const key = keyOf(child);
      const found = open.get(key);
      if (found === undefined || taken.has(found)) continue;
      partners.set(child, { right: found, likeness });
      taken.add(found);
    }
  };
  match('identity', (object) => `${object.place}\0${object.identity}`);
  if (!strict) match('name', (object) => `${object.place}\0${object.name.toLowerCase()}`);
  const leftOver = left.children.filter((child) => !partners.has(child));
  const rightOver = right.children.filter((child) => !taken.has(child));
  if (!strict && leftOver.length > 0 && rightOver.length > 0) {
    match('content', (object) => `${object.place}\0${contentOf(object)}`);
    if (leftOver.length * rightOver.length <= pairLimit)
      for (const [one, other] of closestPairs(leftOver, rightOver)) {
        if (partners.has(one) || taken.has(other)) continue;
        partners.set(one, { right: other, likeness: 'content' });
        taken.add(other);
      }
  }
  const children = [
    ...left.children.map((child) => {
      const partner = partners.get(child);
      return partner === undefined
        ? alone('left', child)
        : pairUp(child, partner.right, partner.likeness, strict);
    }),
    ...right.children.filter((child) => !taken.has(child)).map((child) => alone('right', child)),
  ];
  return { left, right, likeness, children };
}

function alone(side: 'left' | 'right', object: ConfigObject): Pair {
  const children = object.children.map((child) => alone(side, child));
  return { [side]: object, likeness: 'none', children };
}

/** What an object is apart from what it is called. */
function contentOf(object: ConfigObject): string {
  const values = [...object.values]
    .filter(([path]) => !isNaming(path))
    .sort(([one], [other]) => compare(one, other));
  const children = object.children.map((child) => [child.place, child.identity, contentOf(child)]);
  return JSON.stringify([values, children]);
}

export function isNaming(path: string): boolean {
  return path === 'id' || path === 'guid' || path === 'name' || path === 'dn';
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Pairs of a kind that share enough, the closest first. */
function closestPairs(
  left: readonly ConfigObject[],
  right: readonly ConfigObject[],
): readonly (readonly [ConfigObject, ConfigObject])[] {
  const traits = new Map([...left, ...right].map((object) => [object, traitsOf(object)]));
  const scored: { readonly pair: readonly [ConfigObject, ConfigObject]; readonly score: number }[] = [];
  for (const one of left)
    for (const other of right) {
      if (one.place !== other.place) continue;
      const mine = traits.get(one) ?? new Set();
      const theirs = traits.get(other) ?? new Set();
      const score = (2 * countShared(mine, theirs)) / Math.max(1, mine.size + theirs.size);
      // Two values in common would make every two small objects one.
      if (score >= alike && mine.size > 3) scored.push({ pair: [one, other], score });
    }
  return scored.sort((one, other) => other.score - one.score).map(({ pair }) => pair);
}

function countShared(mine: ReadonlySet<string>, theirs: ReadonlySet<string>): number {
  let count = 0;
  for (const trait of mine) if (theirs.has(trait)) count += 1;
  return count;
}

function traitsOf(object: ConfigObject, prefix = ''): Set<string> {
  const traits = new Set<string>();
  for (const [path, value] of object.values)
    if (!isNaming(path)) traits.add(`${prefix}${path}=${JSON.stringify(value)}`);
  for (const child of object.children)
    for (const trait of traitsOf(child, `${prefix}${child.identity}/`)) traits.add(trait);
  return traits;
}

/** Joins an object that one parent lost with the equal one that another parent of both sides gained. */
function markMoves(root: Pair): Pair {
  const gone = new Map<string, Pair>();
  const come = new Map<string, Pair>();
  const keyOf = (object: ConfigObject): string => `${object.place}\0${object.identity}\0${contentOf(object)}`;
  const collect = (pair: Pair): void => {
    for (const child of pair.children) {
      if (child.left !== undefined && child.right !== undefined) collect(child);
      else if (child.left !== undefined) gone.set(keyOf(child.left), child);
      else if (child.right !== undefined) come.set(keyOf(child.right), child);
    }
  };
  collect(root);
  const dropped = new Set<Pair>();
  const moved = new Map<Pair, Pair>();
  for (const [key, pair] of gone) {
    const target = come.get(key);
    if (target?.right === undefined || pair.left === undefined) continue;
    dropped.add(pair);
    moved.set(target, pairUp(pair.left, target.right, 'moved', false));
  }
  if (moved.size === 0) return root;
  const rebuild = (pair: Pair): Pair => ({
    ...pair,
    children: pair.children
      .filter((child) => !dropped.has(child))
      .map((child) => moved.get(child) ?? rebuild(child)),
  });
  return rebuild(root);
}
