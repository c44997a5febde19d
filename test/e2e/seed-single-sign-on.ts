import { ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import type { Database } from '#store/database.ts';
import { SsoCredentialTable } from '#store/sso-credential-table.ts';
import { createSsoDatabase } from '#store/sso-database.ts';

const people = ['alice', 'bob', 'carol'];

/** An application with three mappings, an adapter and a filter: what accounts the domain has is nobody's to ask here. */
export async function seedSingleSignOn(database: Database): Promise<void> {
  const sso = createSsoDatabase(database, new SsoCredentialTable(database));
  const accounts = { administrators: ['.\\Ledger Admins'], users: ['.\\Clerks'], allowLocalAccounts: true };
  await sso.applications.insert([
    ssoApplicationSchema.parse({
      name: 'Ledger',
      description: 'Accounts and books',
      contact: 'ledger@fabrikam.lab',
      enabled: true,
      ...accounts,
    }),
  ]);
  await sso.adapters.insert([
    ssoAdapterSchema.parse({
      name: 'OpenLDAP',
      description: 'People of the books',
      computer: 'intsvr1.fabrikam.lab',
      enabled: true,
      sendChanges: true,
      ...accounts,
    }),
  ]);
  await sso.filters.insert([
    ssoPasswordFilterSchema.parse({ name: 'Short', rules: { format: 'upper', maximumLength: 8 } }),
  ]);
  await sso.insertMappings(
    people.map((name) => ({
      application: 'Ledger',
      windowsAccount: `FABRIKAM\\${name}`,
      externalUser: `${name}01`,
      enabled: name !== 'carol',
      disabledByAdministrator: false,
    })),
  );
}
