import { isJsonList, isJsonObject, type JsonValue } from './json-value.ts';
import { isSecret } from './secret-names.ts';

/** A copy of a configuration's value in which every secret has become "set" or "not set". */
export function exportValue(value: JsonValue, place = ''): JsonValue {
  if (isJsonList(value)) return value.map((element) => exportValue(element, `${place}[]`));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const at = place === '' ? key : `${place}.${key}`;
      // A number or a switch gives nothing away.
      if (typeof inner === 'number' || typeof inner === 'boolean' || !isSecret(at))
        return [key, exportValue(inner, at)];
      return [key, inner === null || inner === '' ? 'not set' : 'set'];
    }),
  );
}
