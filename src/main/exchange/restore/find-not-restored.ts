import type { Mistake } from '#shared/contract/configuration.ts';
import type { RestorePlan } from '#shared/contract/snapshots.ts';

import { kindWords, labelWords } from '../compare/property-words.ts';
import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '../snapshot/json-value.ts';
import { identityOf } from '../snapshot/list-order.ts';
import { encodeKey } from '../snapshot/pick-parts.ts';
import { isSecret } from '../snapshot/secret-names.ts';
import { pickSections } from '../snapshot/section-names.ts';
import type { RestoreRequest } from './plan-restore.ts';

type NotRestored = RestorePlan['notRestored'][number];

/** Sections that a restore leaves as they are, and why. */
export const untouched: Readonly<Record<string, { readonly reason: string; readonly fix: string }>> = {
  keyKeeper: {
    reason: 'the keys lie where they lie now, and the setting alone does not move them',
    fix: 'Move them with "carillon keys move".',
  },
};

const noSecret = 'a snapshot holds no secret';
/** Properties that name a file which the service reads. */
const fileNames = new Set(['keytab', 'keyFile', 'certificateFile', 'caFile']);

export interface PlannedSides {
  readonly current: JsonObject;
  readonly target: JsonObject;
  /** What the check says of the target. */
  readonly mistakes: readonly Mistake[];
}

/** What the snapshot speaks of and a restore cannot bring: secrets and files first of all, each with what to do. */
export function findNotRestored(
  request: RestoreRequest,
  { current, target, mistakes }: PlannedSides,
): NotRestored[] {
  const { body, parts, sections } = request;
  const keys = parts ?? body.parts;
  const lost: NotRestored[] = [];
  for (const [key, { reason, fix }] of Object.entries(untouched)) {
    const then = body.configuration[key];
    if (then !== undefined && keys === undefined && JSON.stringify(then) !== JSON.stringify(current[key]))
      lost.push({ name: kindWords(key), reason, fix });
  }
  lost.push(
    ...missingPasswords(request, keys),
    ...missingProperties({ ...body.configuration, ...body.sections }, target, keys),
    // What the check of the settings complains of already is not told twice.
    ...missingFiles(request, current, target)
      .filter(({ path }) => !mistakes.some(({ message }) => message.includes(path)))
      .map(({ name, reason, fix }) => ({ name, reason, fix })),
  );
  if (body.sections?.['pcns'] !== undefined)
    lost.push({
      name: 'Targets of password change notification',
      reason: 'the directory keeps them, and a restore leaves it as it is',
      fix: 'Compare them, and change them with "carillon pcnscfg".',
    });
  const own = pickSections(body.sections, new Set(['applications', 'adapters', 'filters', 'mappings']));
  if (Object.keys(own).length > 0 && sections === undefined)
    lost.push({
      name: 'Single sign-on',
      reason: 'the credential database cannot be read now',
      fix: 'Restore again when it answers.',
    });
  return lost;
}

/** Secrets that were set when the snapshot was made and are not set here. */
function missingPasswords(
  { body, secrets }: RestoreRequest,
  keys: readonly string[] | undefined,
): readonly NotRestored[] {
  const lost: NotRestored[] = [];
  const accounts = new Map<string, number>();
  const mappings = new Map(rowsOf(body.sections, 'mappings').map((row) => [keyOf(row), row]));
  const agents = new Map(rowsOf(body.configuration, 'agents').map((row) => [String(row['id']), row]));
  for (const [owner, state] of Object.entries(body.secrets)) {
    if (state !== 'set' || secrets[owner] === true || !isWithin(owner, keys)) continue;
    const [list = '', known = ''] = owner.split('/');
    if (list === 'mappings') {
      const application = String(mappings.get(known)?.['application'] ?? '');
      accounts.set(application, (accounts.get(application) ?? 0) + 1);
    } else if (owner === 'singleSignOn/masterSecret')
      lost.push({
        name: 'Master secret',
        reason: noSecret,
        fix: 'Restore its backup with "carillon ssoconfig -restoresecret", or generate a new one.',
      });
    else if (owner === 'singleSignOn/sharedDatabase')
      lost.push({
        name: 'Password of the credential database',
        reason: noSecret,
        fix: 'Enter it with "carillon ssoconfig -setdb".',
      });
    else {
      const name = String(agents.get(known)?.['name'] ?? owner);
      lost.push({
        name: `Password of "${name}"`,
        reason: noSecret,
        fix: `Set it: carillon agents set-password '${name}'`,
      });
    }
  }
  return [...lost, ...[...accounts].map(([application, count]) => lostCredentialsOf(application, count))];
}

/** So many mappings of an application have to get their credentials again. */
export function lostCredentialsOf(application: string, count: number): NotRestored {
  return {
    name: `Credentials of ${count === 1 ? 'one mapping' : `${count} mappings`} of "${application}"`,
    reason: noSecret,
    fix: 'Set them with "carillon ssomanage -setcredentials", or let each user do so with ssoclient.',
  };
}

/** Properties that count as secrets, such as an adapter's own: set then, and nothing here to keep. */
function missingProperties(
  source: JsonObject,
  target: JsonObject,
  keys: readonly string[] | undefined,
): readonly NotRestored[] {
  const lost: NotRestored[] = [];
  const visit = (then: JsonValue, now: JsonValue | undefined, place: string, owner: string): void => {
    if (isJsonList(then)) {
      const identity = identityOf(then) ?? '';
      for (const element of then) {
        if (!isJsonObject(element)) continue;
        const known = element[identity];
        const twin = isJsonList(now)
          ? now.find((other) => isJsonObject(other) && other[identity] === known)
          : undefined;
        visit(element, twin, `${place}[]`, String(element['name'] ?? known ?? owner));
      }
      return;
    }
    if (!isJsonObject(then) || !isJsonObject(now)) return;
    for (const [key, value] of Object.entries(then)) {
      const at = place === '' ? key : `${place}.${key}`;
      if (value === 'set' && now[key] === undefined && isSecretAt(at))
        lost.push({
          name: `"${labelWords('', key)}" of "${owner}"`,
          reason: noSecret,
          fix: 'Set it in the properties after the restore.',
        });
      else if (place !== '' || isWithin(key, keys, true)) visit(value, now[key], at, owner);
    }
  };
  visit(source, target, '', 'Server');
  return lost;
}

/** Sections have their places below `sections` where the list of names judges them. */
function isSecretAt(place: string): boolean {
  return isSecret(place) && isSecret(`sections.${place}`);
}

/** Files that the restored settings name, that were not named before, and that are not on this server. */
function missingFiles(
  { hasFile }: RestoreRequest,
  current: JsonObject,
  target: JsonObject,
): readonly (NotRestored & { readonly path: string })[] {
  const before = new Set(filesIn(current));
  return [...new Set(filesIn(target))]
    .filter((path) => !before.has(path) && !hasFile(path))
    .map((path) => ({
      path,
      name: `File ${path}`,
      reason: 'a snapshot holds no files, and this one is not on this server',
      fix: 'Put it there, or name another one in the settings.',
    }));
}

function filesIn(value: JsonValue): readonly string[] {
  if (isJsonList(value)) return value.flatMap(filesIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' && fileNames.has(key) ? [inner] : filesIn(inner),
  );
}

/** Whether a key is among the chosen ones, or lies in one; with `around`, also whether one lies in it. */
function isWithin(key: string, keys: readonly string[] | undefined, around = false): boolean {
  return (
    keys === undefined ||
    keys.some((one) => one === key || key.startsWith(`${one}/`) || (around && one.startsWith(`${key}/`)))
  );
}

function rowsOf(whole: JsonObject | undefined, name: string): readonly JsonObject[] {
  const list = whole?.[name];
  return isJsonList(list) ? list.filter(isJsonObject) : [];
}

function keyOf(row: JsonObject): string {
  return encodeKey(String(row['name']));
}
