import type { SharedDatabaseSettings } from '#shared/model/shared-database.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { CredentialDatabase } from '#sso/ports.ts';
import type { DampingTable, NotificationQueue } from '#sso/synchronization/ports.ts';
import type { Database } from '#store/database.ts';
import { NotificationTable } from '#store/notification-table.ts';
import { createSharedCredentials } from '#store/shared/create-shared-credentials.ts';
import { SharedCredentialTable } from '#store/shared/shared-credential-table.ts';
import { SharedDamping } from '#store/shared/shared-damping.ts';
import { connectSharedDatabase, type SharedDatabase } from '#store/shared/shared-database.ts';
import { sharedMigrations } from '#store/shared/shared-migrations.ts';
import { SharedNotificationTable } from '#store/shared/shared-notification-table.ts';
import { requireSharedShape } from '#store/shared/shared-schema.ts';
import { SsoCredentialTable } from '#store/sso-credential-table.ts';
import { createSsoDatabase } from '#store/sso-database.ts';
import { StoredDamping } from '#store/stored-damping.ts';
import type { SealedRows } from '#vault/sealed-rows.ts';

/** Where single sign-on keeps what it knows: in this server's own store, or in the database that several share. */
export interface SsoBackend {
  readonly credentials: CredentialDatabase;
  /** Everything that the master secret seals. */
  readonly sealed: readonly SealedRows[];
  readonly queue: NotificationQueue;
  readonly damping: DampingTable;
  /** Undefined where this server's own store has it all. */
  readonly shared: SharedDatabase | undefined;
}

export interface SsoBackendParts {
  readonly database: Database;
  readonly shared: SharedDatabaseSettings | undefined;
  readonly password: () => Promise<SecretBytes | undefined>;
}

/** Opens the one that the configuration names. A shared database is first reached when somebody asks it something. */
export async function openBackend({ database, shared, password }: SsoBackendParts): Promise<SsoBackend> {
  if (shared === undefined) {
    const rows = new SsoCredentialTable(database);
    return {
      credentials: createSsoDatabase(database, rows),
      sealed: [rows],
      queue: new NotificationTable(database),
      damping: new StoredDamping(database),
      shared: undefined,
    };
  }
  const connected = await connectSharedDatabase({ settings: shared, password });
  const checked = connected.admitting((bare) => requireSharedShape(bare, sharedMigrations));
  const rows = new SharedCredentialTable(checked);
  const queue = new SharedNotificationTable(checked);
  return {
    credentials: createSharedCredentials(checked, rows),
    sealed: [rows, queue],
    queue,
    damping: new SharedDamping(checked),
    shared: checked,
  };
}
