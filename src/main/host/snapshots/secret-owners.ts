import { encodeKey } from '#exchange/snapshot/pick-parts.ts';
import { needsCredential } from '#shared/model/agent.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import { sharedDatabaseCredential } from '#shared/model/shared-database.ts';
import type { CredentialDatabase } from '#sso/ports.ts';

import { mappingName, readMappings } from './read-sections.ts';

export interface SecretSources {
  readonly configuration: () => Configuration;
  /** Whether the vault has a credential under this name. */
  readonly has: (name: string) => boolean;
  readonly hasMasterSecret: () => boolean;
  readonly database: Pick<CredentialDatabase, 'listMappings' | 'listCredentialed'>;
}

/** Which secrets are there, by what they belong to: `agents/<id>`, `singleSignOn/masterSecret`, `mappings/<name>`. */
export type SecretOwners = Readonly<Record<string, boolean>>;

const page = 5000;

/** Looks which secrets are there, and never at one. Those of mappings only where asked for and while they can be read. */
export async function secretOwners(
  { configuration, has, hasMasterSecret, database }: SecretSources,
  { mappings }: { readonly mappings: boolean },
): Promise<SecretOwners> {
  const { agents, singleSignOn } = configuration();
  const { sharedDatabase, servers } = singleSignOn;
  const owned: [string, boolean][] = agents.flatMap((agent) => {
    const there = has(agent.id);
    return there || needsCredential(agent) ? [[`agents/${agent.id}`, there]] : [];
  });
  if (sharedDatabase !== undefined && !sharedDatabase.host.startsWith('/'))
    owned.push(['singleSignOn/sharedDatabase', has(sharedDatabaseCredential)]);
  if (servers.length > 0 || hasMasterSecret()) owned.push(['singleSignOn/masterSecret', hasMasterSecret()]);
  // A credential database that is away keeps no snapshot from being made of the rest.
  if (mappings) owned.push(...(await mappingOwners(database).catch(() => [])));
  return Object.fromEntries(owned);
}

async function mappingOwners(database: SecretSources['database']): Promise<readonly [string, boolean][]> {
  const credentialed = new Set<number>();
  for (let after = 0; ; ) {
    const some = await database.listCredentialed({ after, limit: page });
    for (const id of some) credentialed.add(id);
    const last = some.at(-1);
    if (last === undefined || some.length < page) break;
    after = last;
  }
  const mappings = await readMappings(database);
  return mappings.map((mapping) => [
    `mappings/${encodeKey(mappingName(mapping))}`,
    credentialed.has(mapping.id),
  ]);
}
