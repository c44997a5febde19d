import { canonicalText } from '#exchange/snapshot/canonical-value.ts';
import type { JsonObject } from '#exchange/snapshot/json-value.ts';

/** One text for equal sections, as the history keeps it. */
export function sectionText(sections: JsonObject): string {
  return canonicalText(sections);
}

export function parseSectionText(text: string | undefined): JsonObject | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as JsonObject);
}

/** Whether definitions are the ones that a moment kept; so too where one of the two could not be read. */
export function isSameDefinitions(now: JsonObject | undefined, kept: string | undefined): boolean {
  const then = parseSectionText(kept);
  return now === undefined || then === undefined || definitionText(now) === definitionText(then);
}

/** Mappings are the users' own, and a change of them is none of the configuration. */
function definitionText({ mappings: _, ...definitions }: JsonObject): string {
  return sectionText(definitions);
}
