import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '../snapshot/json-value.ts';
import { identityOf, isSequence } from '../snapshot/list-order.ts';
import { encodeKey } from '../snapshot/pick-parts.ts';

/** One object of a configuration: a section, or an element of a list that has an identity. */
export interface ConfigObject {
  /** `passwordSync`, `agents/<id>/partitions/<dn>`; empty for the root. */
  readonly key: string;
  /** Where such objects stand: `agents[].partitions[]`. */
  readonly place: string;
  /** What it is known by among its neighbours, in lower case. */
  readonly identity: string;
  readonly name: string;
  /** Its own values by their path in it; a list counts as one value and an empty one as none. */
  readonly values: ReadonlyMap<string, JsonValue>;
  readonly children: readonly ConfigObject[];
}

/** Where the order of an object's children is kept as a value, `order of agents`. */
export const orderPrefix = 'order of ';

/** Reads a configuration as a tree of objects. */
export function readObjects(configuration: JsonObject): ConfigObject {
  return readObject(configuration, { key: '', place: '', identity: '', name: 'Server' });
}

function readObject(
  value: JsonObject,
  head: Pick<ConfigObject, 'key' | 'place' | 'identity' | 'name'>,
): ConfigObject {
  const values = new Map<string, JsonValue>();
  const children: ConfigObject[] = [];
  const isRoot = head.place === '';
  const visit = (path: string, inner: JsonValue): void => {
    const place = isRoot ? path : `${head.place}.${path}`;
    const key = `${head.key === '' ? '' : `${head.key}/`}${path.replaceAll('.', '/')}`;
    if (isJsonList(inner)) {
      const identity = inner.length === 0 ? undefined : identityOf(inner);
      if (inner.length === 0) return;
      if (identity === undefined) {
        values.set(path, inner);
        return;
      }
      const first = children.length;
      for (const element of inner) {
        if (!isJsonObject(element)) continue;
        const known = String(element[identity]);
        const name = typeof element['name'] === 'string' ? element['name'] : known;
        children.push(
          readObject(element, {
            key: `${key}/${encodeKey(known)}`,
            place: `${place}[]`,
            identity: known.toLowerCase(),
            name,
          }),
        );
      }
      if (isSequence(place, inner))
        values.set(
          orderPrefix + path,
          children.slice(first).map((child) => child.identity),
        );
      return;
    }
    if (!isJsonObject(inner)) {
      values.set(path, inner);
      return;
    }
    if (isRoot) {
      children.push(readObject(inner, { key: path, place: path, identity: path, name: path }));
      return;
    }
    for (const [property, next] of Object.entries(inner)) visit(`${path}.${property}`, next);
  };
  for (const [property, inner] of Object.entries(value)) visit(property, inner);
  return { ...head, values, children };
}
