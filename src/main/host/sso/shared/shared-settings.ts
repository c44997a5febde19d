import { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';
import { type SingleSignOn, ssoServerSchema, ssoSystemSchema } from '#shared/model/single-sign-on.ts';

/** What all servers of a system have in common: settings of the system, and the servers with theirs. */
export const sharedSettingsSchema = z.object({ system: ssoSystemSchema, servers: z.array(ssoServerSchema) });
export type SharedSettings = z.infer<typeof sharedSettingsSchema>;

/** Throws `AppError` `conflict` for settings that another version wrote. */
export function parseSettings(document: string, place: string): SharedSettings {
  const parsed = sharedSettingsSchema.safeParse(JSON.parse(document));
  if (parsed.success) return parsed.data;
  throw new AppError('conflict', `The settings of the system in ${place} are not those of this version`, {
    fix: 'Run the same version on every server of the system.',
    cause: parsed.error,
  });
}

export function sharedSettingsOf({ system, servers }: SingleSignOn): SharedSettings {
  return { system, servers };
}

export function isSameSettings(left: SharedSettings, right: SharedSettings): boolean {
  return isSame(left, right);
}

/** What this server changed since `base`, laid over what others made of it meanwhile, value by value. */
export function mergeSettings(
  base: SharedSettings,
  mine: SharedSettings,
  theirs: SharedSettings,
): SharedSettings {
  return {
    system: mergeValues(base.system, mine.system, theirs.system),
    servers: mergeServers(base.servers, mine.servers, theirs.servers),
  };
}

type Servers = SharedSettings['servers'];

function mergeServers(base: Servers, mine: Servers, theirs: Servers): Servers {
  const key = ({ name }: Servers[number]): string => name.toLowerCase();
  const find = (servers: Servers, name: string) => servers.find((server) => key(server) === name);
  const names = new Set([...theirs, ...mine].map(key));
  return [...names].flatMap((name) => {
    const [before, own, other] = [find(base, name), find(mine, name), find(theirs, name)];
    // Removed by one of the two, unless the other has just added it.
    if (own === undefined) return before === undefined && other !== undefined ? [other] : [];
    if (other === undefined) return before === undefined ? [own] : [];
    return [before === undefined ? own : mergeValues(before, own, other)];
  });
}

function mergeValues<T extends object>(base: T, mine: T, theirs: T): T {
  const result: Record<string, unknown> = { ...(theirs as object) };
  const [before, own, other] = [base, mine, theirs] as readonly Readonly<Record<string, unknown>>[];
  for (const name of new Set([...Object.keys(base), ...Object.keys(mine)])) {
    const [was, is, now] = [before?.[name], own?.[name], other?.[name]];
    if (isSame(was, is)) continue;
    if (isRecord(was) && isRecord(is) && isRecord(now)) result[name] = mergeValues(was, is, now);
    else if (is === undefined) delete result[name];
    else result[name] = is;
  }
  return result as T;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

/** The order of names is nobody's doing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}
