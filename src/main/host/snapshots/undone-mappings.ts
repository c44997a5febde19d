import { lostCredentialsOf } from '#exchange/restore/find-not-restored.ts';
import { canonicalText } from '#exchange/snapshot/canonical-value.ts';
import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '#exchange/snapshot/json-value.ts';
import { encodeKey } from '#exchange/snapshot/pick-parts.ts';
import type { RestorePlan } from '#shared/contract/snapshots.ts';

export interface UndoneSides {
  /** Before the restore, after it, and now; undefined where nothing is known of single sign-on. */
  readonly before: JsonObject | undefined;
  readonly done: JsonObject | undefined;
  readonly now: JsonObject | undefined;
}

/**
 * Mappings as they are to be once a restore is taken back: what it made goes, what it deleted or changed is as before,
 * and what users did since stays. Undefined where the restore did not touch mappings.
 */
export function undoneMappings({ before, done, now }: UndoneSides): readonly JsonObject[] | undefined {
  const [was, made, current] = [before, done, now].map((side) => mappingsOf(side));
  if (was === undefined || made === undefined || current === undefined) return undefined;
  const result = new Map(current);
  for (const name of new Set([...was.keys(), ...made.keys()])) {
    const then = was.get(name);
    const isChanged = !isSame(then, made.get(name));
    if (!isChanged || !isSame(current.get(name), made.get(name))) continue;
    if (then === undefined) result.delete(name);
    else result.set(name, then);
  }
  // What somebody mapped to an application that goes now goes with it.
  const applications = new Set(rowsOf(before, 'applications').map(({ name }) => fold(name)));
  return [...result.values()].filter(({ application }) => applications.has(fold(application)));
}

/** Mappings that come back and had credentials once: those went with them, counted by application. */
export function lostCredentials(
  mappings: readonly JsonObject[],
  now: JsonObject | undefined,
  secrets: Readonly<Record<string, boolean>>,
): RestorePlan['notRestored'] {
  const there = new Set(rowsOf(now, 'mappings').map(({ name }) => name));
  const counts = new Map<string, number>();
  for (const { name, application } of mappings) {
    if (there.has(name ?? '') || secrets[`mappings/${encodeKey(String(name))}`] !== true) continue;
    counts.set(String(application), (counts.get(String(application)) ?? 0) + 1);
  }
  return [...counts].map(([application, count]) => lostCredentialsOf(application, count));
}

function mappingsOf(sections: JsonObject | undefined): ReadonlyMap<string, JsonObject> | undefined {
  if (sections?.['mappings'] === undefined) return undefined;
  return new Map(rowsOf(sections, 'mappings').map((mapping) => [String(mapping['name']), mapping]));
}

function rowsOf(sections: JsonObject | undefined, name: string): readonly JsonObject[] {
  const list = sections?.[name];
  return isJsonList(list) ? list.filter(isJsonObject) : [];
}

function isSame(one: JsonObject | undefined, other: JsonObject | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalText(one) === canonicalText(other);
}

function fold(name: JsonValue | undefined): string {
  return String(name).toLowerCase();
}
