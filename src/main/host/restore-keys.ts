import { AppError } from '#shared/model/app-error.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { openDatabase } from '#store/database.ts';
import { KeyTable } from '#store/key-table.ts';
import { storeMigrations } from '#store/migrations.ts';
import { restoreKeys as restoreInto } from '#vault/key-backup.ts';
import { openKeyKeeper } from '#vault/open-key-keeper.ts';

import { ConfigurationFile } from './configuration/configuration-file.ts';
import { prepareDataDirectory } from './data-directory.ts';
import { dataFiles } from './data-files.ts';

/** Puts the keys of a backup into a stopped service's store; gives their versions. */
export async function restoreKeys(
  dataDirectory: string,
  backup: string,
  passphrase: SecretBytes,
): Promise<readonly number[]> {
  prepareDataDirectory(dataDirectory);
  const files = dataFiles(dataDirectory);
  const { configuration } = ConfigurationFile.open(files.configuration);
  await using database = openDatabase(files.database, storeMigrations);
  const table = new KeyTable(database);
  await restoreInto(table, openKeyKeeper(configuration.keyKeeper, dataDirectory), backup, passphrase);
  const versions = table
    .readKeys()
    .filter(({ state }) => state !== 'root')
    .map(({ version }) => version);
  if (versions.length === 0) throw new AppError('damaged', `The backup ${backup} holds no key`);
  return versions;
}
