import { type JsonObject, toJson } from '#exchange/snapshot/json-value.ts';
import type { CredentialDatabase, Mapping } from '#sso/ports.ts';

/** Mappings read at a time. */
const page = 5000;

/** What of the credential database belongs into a snapshot: definitions, and mappings where asked for. No credential. */
export async function readSections(
  database: Pick<CredentialDatabase, 'applications' | 'adapters' | 'filters' | 'listMappings'>,
  { mappings }: { readonly mappings: boolean },
): Promise<JsonObject> {
  const [applications, adapters, filters] = await Promise.all([
    database.applications.list(),
    database.adapters.list(),
    database.filters.list(),
  ]);
  return {
    applications: applications.map(({ passwordFilter, ...application }) =>
      // Under a name that nobody takes for that of a secret: snapshots leave such values out.
      toJson(passwordFilter === undefined ? application : { ...application, filter: passwordFilter }),
    ),
    adapters: toJson(adapters),
    filters: toJson(filters),
    ...(mappings ? { mappings: (await readMappings(database)).map(toSection) } : {}),
  };
}

export async function readMappings(
  database: Pick<CredentialDatabase, 'listMappings'>,
): Promise<readonly Mapping[]> {
  const all: Mapping[] = [];
  for (let after = 0; ; after = all.at(-1)?.id ?? 0) {
    const some = await database.listMappings({ after, limit: page });
    all.push(...some);
    if (some.length < page) return all;
  }
}

/** By a name of its own, so that each is compared and restored by itself. */
function toSection(mapping: Mapping): JsonObject {
  const { application, windowsAccount, externalUser, enabled, disabledByAdministrator } = mapping;
  return {
    name: mappingName(mapping),
    application,
    windowsAccount,
    externalUser,
    enabled,
    ...(disabledByAdministrator ? { disabledByAdministrator } : {}),
  };
}

export function mappingName({
  application,
  windowsAccount,
  externalUser,
}: Pick<Mapping, 'application' | 'windowsAccount' | 'externalUser'>): string {
  return `${application}: ${windowsAccount} = ${externalUser}`;
}
