import type { KeysStatus } from '#shared/contract/keys.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { KeyTable } from '#store/key-table.ts';

/** The vault's keys as they lie in the store, none of them opened. */
export function keysStatusOf(table: KeyTable): KeysStatus {
  const lock = table.readLock();
  const keys = table.readKeys();
  const active = keys.find(({ state }) => state === 'active');
  if (lock === undefined || active === undefined)
    throw new AppError('not_found', 'The vault has no key yet', { fix: 'Start the service once.' });
  return {
    keeper: lock.keeper,
    current: active.version,
    versions: keys
      .filter(({ state }) => state !== 'root')
      .map(({ version, createdAt }) => ({ version, createdAt })),
    ...(lock.backedUpAt === undefined ? {} : { lastBackupAt: lock.backedUpAt }),
  };
}
