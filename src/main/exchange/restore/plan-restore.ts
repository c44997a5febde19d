import type { Mistake } from '#shared/contract/configuration.ts';
import type { ObjectDifference, PlanStep, RestorePlan } from '#shared/contract/snapshots.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import { describeValue } from '#shared/text/describe-value.ts';

import { compareConfigurations } from '../compare/compare-configurations.ts';
import { readObjects } from '../compare/config-object.ts';
import { kindWords, nameWords } from '../compare/property-words.ts';
import { canonicalValue } from '../snapshot/canonical-value.ts';
import { exportValue } from '../snapshot/export-value.ts';
import { isJsonObject, type JsonObject, toJson } from '../snapshot/json-value.ts';
import { pickSections, sharedSections, splitSections } from '../snapshot/section-names.ts';
import type { SnapshotBody } from '../snapshot/snapshot.ts';
import { buildTarget, keepSecrets, type Unit, unitsOf } from './build-target.ts';
import { findNotRestored, untouched } from './find-not-restored.ts';

export interface RestoreRequest {
  readonly current: Configuration;
  readonly revision: string;
  /** Which secrets are there now, by owner. */
  readonly secrets: Readonly<Record<string, boolean>>;
  readonly title: string;
  readonly body: SnapshotBody;
  /** Keys of the units to restore; all that the snapshot has where absent. */
  readonly parts?: readonly string[] | undefined;
  /** Whether a file that settings name is on this server. */
  readonly hasFile: (path: string) => boolean;
  /** What is kept outside the configuration now; undefined where it cannot be read. */
  readonly sections: JsonObject | undefined;
  /** Finds the mistakes of a configuration's text, and of what goes in place of the sections of now. */
  readonly check: (
    text: string,
    sections: JsonObject,
  ) => { readonly ok: boolean; readonly mistakes: readonly Mistake[] };
}

export interface PlannedRestore {
  readonly plan: RestorePlan;
  /** The configuration to put in force. */
  readonly target: JsonObject;
  /** The sections to put in place of those of now; what is absent stays. */
  readonly sections: JsonObject;
}

/** Changes of an agent after which its objects are still right without a new import. */
const withoutImport =
  /^(?:name|description|secret|password\.|connection\.(?:caFile|serverName|connectTimeout|authentication)|passwordSource\.|steps)/;

/** Works out what a restore would do. Throws `AppError` `not_found` for a part that neither side has. */
export function planRestore(request: RestoreRequest): PlannedRestore {
  const { body, revision, title, check } = request;
  const configuration = objectOf(canonicalValue(toJson(request.current)));
  const shared = sharedSections([body.sections, request.sections]);
  const current = { ...configuration, ...pickSections(request.sections, shared) };
  const source = {
    ...withoutUntouched(body.configuration, configuration),
    ...pickSections(body.sections, shared),
  };
  const units = uniqueUnits([...unitsOf(source), ...unitsOf(current)]);
  const chosen = chooseUnits(units, body.parts, request.parts);
  const whole = body.parts === undefined && request.parts === undefined;
  const target = objectOf(
    canonicalValue(whole ? keepSecrets(source, current, '') : buildTarget(current, source, chosen)),
  );
  const [settings, sections] = splitSections(target);
  const { ok, mistakes } = check(`${JSON.stringify(settings, null, 2)}\n`, sections);
  const { objects } = compareConfigurations(
    { title: 'now', root: readObjects(withoutSecrets(current)) },
    { title, root: readObjects(withoutSecrets(target)) },
    { strict: true },
  );
  const plan: RestorePlan = {
    source: title,
    revision,
    steps: stepsOf(objects, chosen, request),
    notRestored: findNotRestored(request, { current: configuration, target, mistakes }),
    mistakes: [...mistakes],
    possible: ok,
  };
  return { plan, target: settings, sections };
}

function objectOf(value: ReturnType<typeof canonicalValue>): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The configuration holds no secret; an adapter's own properties may sound like one. */
function withoutSecrets(whole: JsonObject): JsonObject {
  const [settings, sections] = splitSections(whole);
  return { ...settings, ...objectOf(exportValue(sections, 'sections')) };
}

function withoutUntouched(configuration: JsonObject, current: JsonObject): JsonObject {
  const source = { ...configuration };
  for (const key of Object.keys(untouched)) {
    const now = current[key];
    if (now === undefined) delete source[key];
    else if (source[key] !== undefined) source[key] = now;
  }
  return source;
}

function uniqueUnits(units: readonly Unit[]): readonly Unit[] {
  return [...new Map(units.map((unit) => [unit.key.toLowerCase(), unit])).values()];
}

function chooseUnits(
  units: readonly Unit[],
  held: readonly string[] | undefined,
  asked: readonly string[] | undefined,
): readonly Unit[] {
  const within = (keys: readonly string[]) => (unit: Unit) =>
    keys.some((key) => unit.key === key || unit.key.startsWith(`${key}/`));
  const available = held === undefined ? units : units.filter(within(held));
  for (const key of asked ?? [])
    if (!available.some(within([key])))
      throw new AppError('not_found', `Neither the snapshot nor the server has a part "${key}"`, {
        fix: 'Take the key of a step of the whole plan, such as passwordSync or agents/<id>.',
      });
  if (asked === undefined) return available;
  const exact = new Set(available.map(({ key }) => key));
  // A section's own key means its own settings; the objects in it have keys of their own.
  const groups = asked.filter((key) => !exact.has(key));
  return available.filter((unit) => asked.includes(unit.key) || within(groups)(unit));
}

function stepsOf(
  objects: readonly ObjectDifference[],
  chosen: readonly Unit[],
  { body, secrets }: RestoreRequest,
): PlanStep[] {
  const units = new Map(chosen.map((unit) => [unit.key.toLowerCase(), unit]));
  const steps = new Map<string, PlanStep>();
  for (const object of objects) {
    for (const [key, part] of splitByUnit(object, units)) {
      const unit = steps.get(key);
      const isHead = object.key.toLowerCase() === key || object.key === '';
      // What comes or goes does so with everything in it.
      if (!isHead && unit !== undefined && unit.act !== 'change') continue;
      const act = !isHead
        ? 'change'
        : object.state === 'added'
          ? 'create'
          : object.state === 'removed'
            ? 'delete'
            : 'change';
      const details = part.properties.map((property) => {
        const where = isHead ? property.label : `${object.kind} "${object.name}": ${property.label}`;
        return `${where}: ${describeValue(property.left)} → ${describeValue(property.right)}`;
      });
      if (!isHead && (object.state === 'added' || object.state === 'removed'))
        details.splice(0, details.length, `${object.kind} "${object.name}" is ${object.state}`);
      if (details.length === 0 && act === 'change') continue;
      const isAgent = key.startsWith('agents/');
      const created = act === 'create';
      const shown = created ? [] : act === 'delete' ? lossesOf(key) : details;
      const signsInAnew = part.properties.some(({ path }) =>
        /^(?:connection\.(?:url|authentication\.(?:method|user))|sharedDatabase\.(?:host|user))$/.test(path),
      );
      const owner = key === 'singlesignon' ? 'singleSignOn/sharedDatabase' : object.key;
      const holdsSecret = isAgent || key.startsWith('mappings/') || key === 'singlesignon';
      const hadPassword = secrets[owner] === true;
      const wantsPassword = body.secrets[owner] === 'set';
      steps.set(key, {
        key: object.key === '' ? (part.properties[0]?.path ?? key) : (units.get(key)?.key ?? object.key),
        act: unit?.act ?? act,
        kind: unit?.kind ?? (isHead ? object.kind : kindWords(key.split('/')[0] ?? '')),
        name: unit?.name ?? nameOf(part, key, isHead, objects),
        details: [...(unit?.details ?? []), ...shown],
        needsPassword:
          (unit?.needsPassword ?? false) ||
          (holdsSecret &&
            isHead &&
            (unit?.act ?? act) !== 'delete' &&
            ((wantsPassword && !hadPassword) || (signsInAnew && hadPassword))),
        needsFullImport:
          (unit?.needsFullImport ?? false) ||
          (isAgent &&
            (unit?.act ?? act) !== 'delete' &&
            (created ||
              (!isHead && object.state !== 'changed' && object.kind !== 'Run profile') ||
              part.properties.some(({ path, state }) => state !== 'same' && !withoutImport.test(path)))),
      });
    }
  }
  return [...steps.values()];
}

/** What a deletion takes along for good. */
function lossesOf(key: string): readonly string[] {
  if (key.startsWith('applications/'))
    return ['Its mappings and their credentials are deleted with it; no undo brings the credentials back'];
  if (key.startsWith('mappings/')) return ['Its credentials are deleted with it; no undo brings them back'];
  return [];
}

/** The unit that an object belongs to; the server's own settings are one each. */
function splitByUnit(
  object: ObjectDifference,
  units: ReadonlyMap<string, Unit>,
): readonly (readonly [string, ObjectDifference])[] {
  if (object.key === '')
    return object.properties.map((property) => [
      property.path.toLowerCase(),
      { ...object, properties: [property] },
    ]);
  const parts = object.key.toLowerCase().split('/');
  for (let length = parts.length; length > 0; length -= 1) {
    const key = parts.slice(0, length).join('/');
    if (units.has(key)) return [[key, object]];
  }
  return [];
}

function nameOf(
  object: ObjectDifference,
  key: string,
  isHead: boolean,
  objects: readonly ObjectDifference[],
): string {
  const [property] = object.properties;
  if (object.key === '') return property?.label ?? object.name;
  if (isHead) return object.name;
  return objects.find((other) => other.key.toLowerCase() === key)?.name ?? nameWords(key, key);
}
