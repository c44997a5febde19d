import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';

import type { Credentials } from '../credentials.ts';
import type { CredentialDatabase, Mapping } from '../ports.ts';

/** The applications that are assigned to an adapter, by name. */
export async function applicationsOf(
  { name }: Pick<SsoAdapter, 'name'>,
  database: CredentialDatabase,
): Promise<ReadonlyMap<string, SsoApplication>> {
  const key = name.toLowerCase();
  const all = await database.applications.list();
  const own = all.filter(({ adapter }) => adapter?.toLowerCase() === key);
  return new Map(own.map((application) => [application.name, application]));
}

/** Every mapping on an adapter that has this account, or an account that one of those has. */
export async function mappingsAround(
  adapter: Pick<SsoAdapter, 'name'>,
  account: { readonly windowsAccount: string } | { readonly externalUser: string },
  database: CredentialDatabase,
): Promise<readonly Mapping[]> {
  const applications = [...(await applicationsOf(adapter, database)).keys()];
  if (applications.length === 0) return [];
  const own = await database.listMappings({ applications, ...account });
  const found = new Map(own.map((mapping) => [mapping.id, mapping]));
  for (const { windowsAccount, externalUser } of own) {
    const other = 'windowsAccount' in account ? { externalUser } : { windowsAccount };
    for (const mapping of await database.listMappings({ applications, ...other }))
      found.set(mapping.id, mapping);
  }
  return [...found.values()];
}

/** When the newest password that is known of an external account was changed; undefined where none is stored. */
export async function newestChangeOf(
  adapter: Pick<SsoAdapter, 'name'>,
  externalUser: string,
  ports: { readonly database: CredentialDatabase; readonly credentials: Credentials },
): Promise<number | undefined> {
  const applications = [...(await applicationsOf(adapter, ports.database)).keys()];
  if (applications.length === 0) return undefined;
  let newest: number | undefined;
  for (const mapping of await ports.database.listMappings({ applications, externalUser })) {
    const found = await ports.credentials.find(mapping, 'external');
    if (found !== undefined) newest = Math.max(newest ?? 0, found.stored.changedAt);
  }
  return newest;
}
