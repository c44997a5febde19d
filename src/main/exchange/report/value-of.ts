import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '../snapshot/json-value.ts';

export function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonList(value) ? value.filter(isJsonObject) : [];
}

export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
