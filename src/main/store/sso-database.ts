import { ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import type { CredentialDatabase } from '#sso/ports.ts';

import type { Database } from './database.ts';
import type { SsoCredentialTable } from './sso-credential-table.ts';
import { SsoDefinitionTable } from './sso-definition-table.ts';
import { SsoMappingTable } from './sso-mapping-table.ts';

/** The credential database in this server's own store. */
export function createSsoDatabase(database: Database, credentials: SsoCredentialTable): CredentialDatabase {
  const mappings = new SsoMappingTable(database);
  return {
    applications: new SsoDefinitionTable(database, 'sso_application', ssoApplicationSchema),
    adapters: new SsoDefinitionTable(database, 'sso_adapter', ssoAdapterSchema),
    filters: new SsoDefinitionTable(database, 'sso_filter', ssoPasswordFilterSchema),
    findMapping: async (id) => mappings.find(id),
    listMappings: async (filter) => mappings.list(filter),
    countMappings: async (application) => mappings.count(application),
    insertMappings: (rows) => mappings.insert(rows),
    setMappingState: (id, state) => mappings.setState(id, state),
    changeMappings: (changes) => mappings.change(changes),
    deleteMappings: (ids) => mappings.delete(ids),
    listCredentialed: async (page) => credentials.list(page),
    readCredential: async (mapping, kind) => credentials.read(mapping, kind),
    writeCredential: (mapping, kind, credential) => credentials.write(mapping, kind, credential),
    deleteCredential: (mapping, kind) => credentials.delete(mapping, kind),
  };
}
