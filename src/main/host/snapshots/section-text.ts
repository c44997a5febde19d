import { canonicalText } from '#exchange/snapshot/canonical-value.ts';
import type { JsonObject } from '#exchange/snapshot/json-value.ts';

/** One text for equal sections, as the history keeps it. */
export function sectionText(sections: JsonObject): string {
  return canonicalText(sections);
}
