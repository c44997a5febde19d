import { AppError } from '#shared/model/app-error.ts';

import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from './json-value.ts';

/** The configuration with nothing but the objects that the keys name: `passwordSync`, `singleSignOn/servers/sso1`. */
export function pickParts(configuration: JsonObject, keys: readonly string[]): JsonObject {
  const paths = keys.map(pathOf);
  for (const key of keys)
    if (!hasPart(configuration, key))
      throw new AppError('not_found', `The configuration has no part "${key}"`, {
        fix: 'Name a section such as passwordSync, or an agent as agents/<id>.',
      });
  const picked = pick(configuration, paths);
  return isJsonObject(picked) ? picked : {};
}

/** A name as it stands in an object's key. */
export function encodeKey(name: string): string {
  return name.replaceAll('%', '%25').replaceAll('/', '%2F');
}

/** Whether the configuration has the object that the key names. */
export function hasPart(configuration: JsonObject, key: string): boolean {
  return reaches(configuration, pathOf(key));
}

function pathOf(key: string): readonly string[] {
  return key.split('/').map(decodeKey);
}

function decodeKey(part: string): string {
  return part.replaceAll('%2F', '/').replaceAll('%25', '%');
}

/** Whether an element of a list answers to a part of a key, by id or by name. */
function answersTo(element: JsonValue, part: string): boolean {
  if (!isJsonObject(element)) return false;
  const wanted = part.toLowerCase();
  return ['id', 'guid', 'name', 'dn'].some((property) => {
    const value = element[property];
    return typeof value === 'string' && value.toLowerCase() === wanted;
  });
}

function reaches(value: JsonValue | undefined, [part, ...rest]: readonly string[]): boolean {
  if (part === undefined) return value !== undefined;
  if (isJsonList(value)) {
    const element = value.find((candidate) => answersTo(candidate, part));
    return element !== undefined && reaches(element, rest);
  }
  return isJsonObject(value) && Object.hasOwn(value, part) && reaches(value[part], rest);
}

function pick(value: JsonValue, paths: readonly (readonly string[])[]): JsonValue {
  if (paths.some((path) => path.length === 0)) return value;
  if (isJsonList(value))
    return value.flatMap((element) => {
      const inner = paths.filter(([part]) => part !== undefined && answersTo(element, part));
      return inner.length === 0
        ? []
        : [
            pick(
              element,
              inner.map(([, ...rest]) => rest),
            ),
          ];
    });
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const wanted = paths.filter(([part]) => part === key);
      return wanted.length === 0
        ? []
        : [
            [
              key,
              pick(
                inner,
                wanted.map(([, ...rest]) => rest),
              ),
            ],
          ];
    }),
  );
}
