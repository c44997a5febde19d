import type { CredentialDatabase, CredentialKind, CredentialSeal, Mapping, MappingId } from './ports.ts';

/** Mappings that are read and written at a time. */
const pageSize = 500;
const kinds: readonly CredentialKind[] = ['external', 'windows'];

/**
 * Copies a credential database into an empty one. Every credential is sealed anew, since its seal covers the number of
 * its mapping. Whoever calls it empties the target where it throws.
 */
export async function copyCredentials(
  from: CredentialDatabase,
  to: CredentialDatabase,
  seal: Pick<CredentialSeal, 'seal' | 'open'>,
): Promise<{ readonly mappings: number; readonly credentials: number }> {
  await to.filters.insert(await from.filters.list());
  await to.adapters.insert(await from.adapters.list());
  await to.applications.insert(await from.applications.list());
  let mappings = 0;
  let credentials = 0;
  let after: MappingId = 0;
  for (;;) {
    const page = await from.listMappings({ after, limit: pageSize });
    const last = page.at(-1);
    if (last === undefined) return { mappings, credentials };
    const ids = await to.insertMappings(page.map(({ id: _, ...mapping }) => mapping));
    for (const [index, mapping] of page.entries()) {
      const id = ids[index];
      if (id === undefined) continue;
      for (const kind of kinds) if (await copyOne(mapping, id, kind)) credentials += 1;
    }
    mappings += page.length;
    after = last.id;
  }

  async function copyOne({ application, id: mapping }: Mapping, id: MappingId, kind: CredentialKind) {
    const stored = await from.readCredential(mapping, kind);
    if (stored === undefined) return false;
    using secret = seal.open(stored.sealed, { application, mapping, kind, version: stored.version });
    const sealed = seal.seal(secret, { application, mapping: id, kind, version: 1 });
    return await to.writeCredential(id, kind, { sealed, version: 1, changedAt: stored.changedAt });
  }
}
