import { ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import type { CredentialDatabase } from '#sso/ports.ts';

import type { SharedCredentialTable } from './shared-credential-table.ts';
import type { SharedDatabase } from './shared-database.ts';
import { SharedDefinitionTable } from './shared-definition-table.ts';
import { SharedMappingTable } from './shared-mapping-table.ts';

/** The credential database that several servers share. */
export function createSharedCredentials(
  database: SharedDatabase,
  credentials: SharedCredentialTable,
): CredentialDatabase {
  const mappings = new SharedMappingTable(database);
  return {
    applications: new SharedDefinitionTable(database, 'application', ssoApplicationSchema),
    adapters: new SharedDefinitionTable(database, 'adapter', ssoAdapterSchema),
    filters: new SharedDefinitionTable(database, 'filter', ssoPasswordFilterSchema),
    findMapping: (id) => mappings.find(id),
    listMappings: (filter) => mappings.list(filter),
    countMappings: (application) => mappings.count(application),
    insertMappings: (rows) => mappings.insert(rows),
    setMappingState: (id, state) => mappings.setState(id, state),
    changeMappings: (changes) => mappings.change(changes),
    deleteMappings: (ids) => mappings.delete(ids),
    listCredentialed: (page) => credentials.list(page),
    readCredential: (mapping, kind) => credentials.read(mapping, kind),
    writeCredential: (mapping, kind, credential) => credentials.write(mapping, kind, credential),
    deleteCredential: (mapping, kind) => credentials.delete(mapping, kind),
  };
}
