import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from './json-value.ts';

/** The objects of a list; none where it is no list. */
export function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonList(value) ? value.filter(isJsonObject) : [];
}

/** A text; empty where it is none. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
