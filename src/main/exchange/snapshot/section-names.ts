import type { JsonObject, JsonValue } from './json-value.ts';

/**
 * What a snapshot holds beside the configuration: definitions of single sign-on, and where asked for its mappings and
 * what domain controllers read from the directory.
 */
export const sectionNames = ['filters', 'adapters', 'applications', 'mappings', 'pcns'] as const;

const names: ReadonlySet<string> = new Set(sectionNames);

/** Takes the sections out of a snapshot's whole; first what is configuration, then the sections. */
export function splitSections(whole: JsonObject): readonly [JsonObject, JsonObject] {
  const configuration: [string, JsonValue][] = [];
  const sections: [string, JsonValue][] = [];
  for (const entry of Object.entries(whole)) (names.has(entry[0]) ? sections : configuration).push(entry);
  return [Object.fromEntries(configuration), Object.fromEntries(sections)];
}

/** The sections that every one of these has: what one of them lacks, it says nothing of. */
export function sharedSections(all: readonly (JsonObject | undefined)[]): ReadonlySet<string> {
  return new Set(
    sectionNames.filter((name) => all.every((sections) => sections !== undefined && name in sections)),
  );
}

export function pickSections(sections: JsonObject | undefined, wanted: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(sections ?? {}).filter(([name]) => wanted.has(name)));
}
