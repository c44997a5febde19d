import { ConfigurationFile } from '#host/configuration/configuration-file.ts';
import { dataFiles } from '#host/data-files.ts';
import { openVault } from '#host/open-vault.ts';
import { systemClock } from '#host/system-clock.ts';
import { Credentials } from '#sso/credentials.ts';
import { openDatabase } from '#store/database.ts';
import { KeyTable } from '#store/key-table.ts';
import { storeMigrations } from '#store/migrations.ts';
import { SsoCredentialTable } from '#store/sso-credential-table.ts';
import { createSsoDatabase } from '#store/sso-database.ts';
import { MasterSecret } from '#vault/master-secret.ts';

export interface StoredPassword {
  readonly application: string;
  readonly externalUser: string;
  readonly password: string;
}

/** Every external password in the credential database of a service that is stopped, opened as the service would. */
export async function readStoredPasswords(data: string): Promise<readonly StoredPassword[]> {
  const files = dataFiles(data);
  const { configuration } = ConfigurationFile.open(files.configuration);
  const database = openDatabase(files.database, storeMigrations);
  const report = (error: unknown): void => {
    throw error;
  };
  const vault = await openVault({ configuration, dataDirectory: data, database, clock: systemClock, report });
  const secret = await MasterSecret.open({
    store: new KeyTable(database, { lock: 'sso_lock', key: 'sso_key' }),
    vaultKey: () => vault.derive('sso master secret'),
    now: () => Date.now(),
  });
  try {
    const rows = createSsoDatabase(database, new SsoCredentialTable(database));
    const credentials = new Credentials({ database: rows, seal: secret });
    const found: StoredPassword[] = [];
    for (const mapping of await rows.listMappings({})) {
      const application = await rows.applications.find(mapping.application);
      if (application === undefined) continue;
      const stored = await credentials.readPassword(application, mapping, 'external');
      if (stored === undefined) continue;
      // A test's own passwords, to be compared with.
      const password = Buffer.from(stored.password.bytes).toString('utf8');
      found.push({ application: application.name, externalUser: mapping.externalUser, password });
    }
    return found;
  } finally {
    secret.close();
    await vault.close();
    await database.close();
  }
}
