import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '../snapshot/json-value.ts';
import { identityOf } from '../snapshot/list-order.ts';
import { encodeKey } from '../snapshot/pick-parts.ts';
import { isSecret } from '../snapshot/secret-names.ts';

/** What a restore brings back at once: a setting of the server, a section, or an element of a section's list. */
export interface Unit {
  /** `logLevel`, `passwordSync`, `agents/<id>`, `singleSignOn/servers/sso1`. */
  readonly key: string;
  readonly path: readonly string[];
}

/** The units of a configuration. */
export function unitsOf(configuration: JsonObject): readonly Unit[] {
  return Object.entries(configuration).flatMap(([key, value]) => {
    if (isElements(value)) return elementUnits([key], value);
    if (!isJsonObject(value)) return [{ key, path: [key] }];
    const inner = Object.entries(value).flatMap(([list, elements]) =>
      isElements(elements) ? elementUnits([key, list], elements) : [],
    );
    return [{ key, path: [key] }, ...inner];
  });
}

function isElements(value: JsonValue): value is readonly JsonObject[] {
  return isJsonList(value) && identityOf(value) !== undefined;
}

function elementUnits(path: readonly string[], elements: readonly JsonObject[]): Unit[] {
  const identity = identityOf(elements) ?? '';
  return elements.map((element) => {
    const known = String(element[identity]);
    return { key: [...path, encodeKey(known)].join('/'), path: [...path, known] };
  });
}

/** The configuration with the chosen units as `source` has them; a unit that it lacks goes. */
export function buildTarget(current: JsonObject, source: JsonObject, chosen: readonly Unit[]): JsonObject {
  const target: Record<string, JsonValue> = { ...current };
  const isWhole = (key: string): boolean => chosen.some(({ path }) => path.length === 1 && path[0] === key);
  for (const key of new Set([...Object.keys(current), ...Object.keys(source)])) {
    const [mine, theirs] = [current[key], source[key]];
    const inner = chosen.filter(({ path }) => path[0] === key && path.length > 1);
    if (!isWhole(key) && inner.length === 0) continue;
    if ((isJsonList(mine) || isJsonList(theirs)) && inner.length > 0)
      target[key] = mergeList(mine, theirs, inner);
    else if (isJsonObject(mine) && isJsonObject(theirs))
      target[key] = mergeSection(mine, theirs, inner, isWhole(key));
    else if (theirs === undefined) delete target[key];
    else target[key] = theirs;
  }
  const restored = keepSecrets(target, current, '');
  return isJsonObject(restored) ? restored : {};
}

function mergeSection(
  mine: JsonObject,
  theirs: JsonObject,
  inner: readonly Unit[],
  whole: boolean,
): JsonObject {
  const section: Record<string, JsonValue> = { ...(whole ? theirs : mine) };
  for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const [one, other] = [mine[key], theirs[key]];
    const isList = (one !== undefined && isElements(one)) || (other !== undefined && isElements(other));
    if (isList)
      section[key] = mergeList(
        one,
        other,
        inner.filter(({ path }) => path[1] === key),
      );
  }
  return section;
}

/** The list with the chosen elements put in, after the neighbour that they follow in `theirs`, or taken out. */
function mergeList(
  mine: JsonValue | undefined,
  theirs: JsonValue | undefined,
  chosen: readonly Unit[],
): JsonValue {
  const source = isJsonList(theirs) ? theirs : [];
  const list = isJsonList(mine) ? [...mine] : [];
  const known = (element: JsonValue | undefined): string => {
    const found = isJsonObject(element)
      ? (element['id'] ?? element['guid'] ?? element['name'] ?? element['dn'])
      : '';
    return String(found ?? '').toLowerCase();
  };
  const wanted = new Set(chosen.map(({ path }) => (path.at(-1) ?? '').toLowerCase()));
  const theirKeys = new Set(source.map(known));
  const kept = list.filter((element) => !wanted.has(known(element)) || theirKeys.has(known(element)));
  for (const [index, element] of source.entries()) {
    if (!wanted.has(known(element))) continue;
    const at = kept.findIndex((other) => known(other) === known(element));
    if (at !== -1) {
      kept[at] = element;
      continue;
    }
    const before = new Set(source.slice(0, index).map(known));
    kept.splice(kept.findLastIndex((other) => before.has(known(other))) + 1, 0, element);
  }
  return kept;
}

/** Secrets stand in a snapshot as "set" only: what the server has stays. */
export function keepSecrets(target: JsonValue, current: JsonValue | undefined, place: string): JsonValue {
  if (isJsonList(target)) {
    const before = isJsonList(current) ? current : [];
    const identity = identityOf(target);
    const known = (element: JsonValue): JsonValue | undefined =>
      identity !== undefined && isJsonObject(element) ? element[identity] : undefined;
    const twins = new Map(before.map((element) => [known(element), element]));
    return target.map((element, index) =>
      keepSecrets(element, identity === undefined ? before[index] : twins.get(known(element)), `${place}[]`),
    );
  }
  if (!isJsonObject(target)) return target;
  const mine = isJsonObject(current) ? current : {};
  return Object.fromEntries(
    Object.entries(target).flatMap(([key, value]): [string, JsonValue][] => {
      const at = place === '' ? key : `${place}.${key}`;
      const had = mine[key];
      if (typeof value === 'number' || typeof value === 'boolean' || !isSecret(at))
        return [[key, keepSecrets(value, had, at)]];
      return had === undefined ? [] : [[key, had]];
    }),
  );
}
