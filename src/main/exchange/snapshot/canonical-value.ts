import { isJsonList, isJsonObject, type JsonValue } from './json-value.ts';
import { orderList } from './list-order.ts';

/** The value with its names sorted, and its lists where their order means nothing: one form for all that is equal. */
export function canonicalValue(value: JsonValue, place = ''): JsonValue {
  if (isJsonList(value))
    return orderList(
      place,
      value.map((element) => canonicalValue(element, `${place}[]`)),
    );
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, canonicalValue(value[key] ?? null, place === '' ? key : `${place}.${key}`)]),
  );
}

/** Sorted, indented JSON with a line end: what git can compare line by line. */
export function canonicalText(value: JsonValue): string {
  return `${JSON.stringify(canonicalValue(value), null, 2)}\n`;
}
