import type { Comparison, ValueMapping } from '#shared/contract/snapshots.ts';

import { canonicalValue } from '../snapshot/canonical-value.ts';
import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '../snapshot/json-value.ts';
import { encodeKey, hasPart, pickParts } from '../snapshot/pick-parts.ts';
import { pickSections, sharedSections } from '../snapshot/section-names.ts';
import type { Snapshot, SnapshotBody } from '../snapshot/snapshot.ts';
import { type ComparedSide, compareConfigurations } from './compare-configurations.ts';
import { compareThree } from './compare-three.ts';
import { readObjects } from './config-object.ts';

export interface NamedSnapshot {
  readonly title: string;
  readonly snapshot: Snapshot;
}

export interface ComparedSnapshots {
  readonly left: NamedSnapshot;
  readonly right: NamedSnapshot;
  /** What both were once; makes it a comparison of three. */
  readonly base?: NamedSnapshot | undefined;
  readonly mapping?: ValueMapping;
  readonly all?: boolean;
}

/** Compares snapshots; where one is of a part, the same part of the others. */
export function compareSnapshots({ left, right, base, mapping, all = false }: ComparedSnapshots): Comparison {
  const given = [left, right, ...(base === undefined ? [] : [base])];
  const parts = given.map(({ snapshot }) => snapshot.body.parts).find((keys) => keys !== undefined);
  const options = { all, ignore: mapping?.ignore ?? [] };
  const replace = mapping?.values ?? [];
  // A file without mappings does not say that there are none.
  const sections = sharedSections(given.map(({ snapshot }) => snapshot.body.sections));
  const lefts = sideOf(left, { parts, sections, replace });
  const rights = sideOf(right, { parts, sections });
  if (base === undefined) return compareConfigurations(lefts, rights, options);
  return compareThree(sideOf(base, { parts, sections }), lefts, rights, options);
}

interface SideOptions {
  readonly parts?: readonly string[] | undefined;
  /** Sections that are looked at; all that it has where absent. */
  readonly sections?: ReadonlySet<string>;
  readonly replace?: ValueMapping['values'];
}

/** A snapshot's objects, with its secrets and sections among them. */
export function sideOf(
  { title, snapshot }: NamedSnapshot,
  { parts, sections, replace = [] }: SideOptions = {},
): ComparedSide {
  const { body } = snapshot;
  const kept = sections === undefined ? (body.sections ?? {}) : pickSections(body.sections, sections);
  const whole = mergeSecrets({ ...body, sections: kept });
  const picked =
    parts === undefined
      ? whole
      : pickParts(
          whole,
          parts.filter((key) => hasPart(whole, key)),
        );
  const mapped = replace.length === 0 ? picked : canonicalValue(replaceText(picked, replace));
  return { title, root: readObjects(isJsonObject(mapped) ? mapped : {}) };
}

/** Puts "set" and "not set" on the objects that own the secrets: `agents/<id>`, `mappings/<name>`. */
function mergeSecrets({ configuration, secrets, sections = {} }: SnapshotBody): JsonObject {
  const merged: Record<string, JsonValue> = { ...configuration, ...sections };
  for (const list of ['agents', 'mappings']) {
    const elements = merged[list];
    if (!isJsonList(elements)) continue;
    merged[list] = elements.map((element) => {
      if (!isJsonObject(element)) return element;
      const known = list === 'agents' ? element['id'] : element['name'];
      const state = secrets[`${list}/${encodeKey(String(known))}`];
      return state === undefined ? element : { ...element, secret: state };
    });
  }
  const singleSignOn = merged['singleSignOn'];
  const masterSecret = secrets['singleSignOn/masterSecret'];
  const password = secrets['singleSignOn/sharedDatabase'];
  if (isJsonObject(singleSignOn)) {
    const sharedDatabase = singleSignOn['sharedDatabase'];
    merged['singleSignOn'] = {
      ...singleSignOn,
      ...(masterSecret === undefined ? {} : { masterSecret }),
      ...(isJsonObject(sharedDatabase) && password !== undefined
        ? { sharedDatabase: { ...sharedDatabase, secret: password } }
        : {}),
    };
  }
  return merged;
}

function replaceText(value: JsonValue, replace: ValueMapping['values']): JsonValue {
  if (typeof value === 'string')
    return replace.reduce((text, { left, right }) => text.replaceAll(left, () => right), value);
  if (isJsonList(value)) return value.map((element) => replaceText(element, replace));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaceText(inner, replace)]));
}
