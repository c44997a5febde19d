import type { Clock } from '#engine/clock.ts';
import type { Configuration, KeyKeeperChoice } from '#shared/model/configuration.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { CredentialTable } from '#store/credential-table.ts';
import type { Database } from '#store/database.ts';
import { DeliverySecrets } from '#store/delivery-secrets.ts';
import { KeyTable } from '#store/key-table.ts';
import { NotificationTable } from '#store/notification-table.ts';
import { CredentialStore } from '#vault/credential-store.ts';
import { backUpKeys } from '#vault/key-backup.ts';
import { KeyMaintenance } from '#vault/key-maintenance.ts';
import { KeyRing } from '#vault/key-ring.ts';
import { openKeyKeeper } from '#vault/open-key-keeper.ts';
import { SealedBox } from '#vault/sealed-box.ts';

export interface Vault {
  readonly seal: SealedBox;
  readonly credentials: CredentialStore;
  readonly maintenance: KeyMaintenance;
  /** A key for one purpose that rotation does not change. The caller wipes it. */
  derive(purpose: string): SecretBytes;
  /** Locks the vault with another keeper's key; gives where that key is. */
  move(choice: KeyKeeperChoice): Promise<string>;
  backUp(file: string, passphrase: SecretBytes): Promise<void>;
  close(): Promise<void>;
}

export interface VaultParts {
  readonly configuration: Configuration;
  readonly dataDirectory: string;
  readonly database: Database;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
}

/** Opens the keys with the keeper that the configuration names, and tends them from then on. */
export async function openVault(parts: VaultParts): Promise<Vault> {
  const { configuration, dataDirectory, database, clock, report } = parts;
  const ring = await KeyRing.open({
    store: new KeyTable(database),
    keeper: openKeyKeeper(configuration.keyKeeper, dataDirectory),
    now: () => clock.now(),
  });
  const seal = new SealedBox(ring);
  const table = new CredentialTable(database);
  const maintenance = new KeyMaintenance({
    ring,
    seal,
    tables: [table, new DeliverySecrets(database), new NotificationTable(database)],
    clock,
    report,
  });
  maintenance.start();
  return {
    seal,
    credentials: new CredentialStore(table, seal),
    maintenance,
    derive: (purpose) => ring.derive(purpose),
    async move(choice) {
      const keeper = openKeyKeeper(choice, dataDirectory);
      await ring.move(keeper);
      return keeper.place;
    },
    backUp: (file, passphrase) => backUpKeys(ring, file, passphrase),
    async close() {
      await maintenance.stop();
      seal.close();
      ring.close();
    },
  };
}
