import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import { isSameSequence } from '#shared/text/same-sequence.ts';

import { SsoError } from '../sso-error.ts';
import type { ExternalSecrets } from './external-change.ts';
import type { MappedAccount } from './external-to-database.ts';
import type { SyncPorts } from './ports.ts';

/**
 * The mappings that a reported change may touch: all of them, or where the adapter has to show the old password those
 * whose stored one it knew. Throws `SsoError` 10820, 10677 or 10678.
 */
export async function proveOldPassword(
  adapter: SsoAdapter,
  externalUser: string,
  accounts: readonly MappedAccount[],
  { password, oldPassword }: ExternalSecrets,
  { credentials, seal }: Pick<SyncPorts, 'credentials' | 'seal'>,
): Promise<readonly MappedAccount[]> {
  if (!adapter.verifyOldPassword) return accounts;
  if (oldPassword === undefined || oldPassword.length === 0)
    throw new SsoError(
      10820,
      'invalid_input',
      `"${adapter.name}" did not send the old password of ${externalUser}`,
      {
        fix: 'Have the adapter send it, or switch "Verify old password" off.',
      },
    );
  // Digests of equal length: comparing them tells nothing of the passwords.
  const shown = seal.digest(oldPassword);
  const next = seal.digest(password);
  const proven: MappedAccount[] = [];
  let isStored = false;
  for (const account of accounts) {
    const found = await credentials.readPassword(account.application, account.mapping, 'external');
    using stored = found?.password;
    if (stored === undefined) continue;
    isStored = true;
    const digest = seal.digest(stored);
    // A change that is reported again finds its own password.
    if (isSameSequence(digest, shown) || isSameSequence(digest, next)) proven.push(account);
  }
  if (proven.length > 0) return proven;
  if (isStored)
    throw new SsoError(
      10678,
      'forbidden',
      `The old password of ${externalUser} is not the one that is stored`,
      {
        fix: 'Set the credentials of the mapping, or switch "Verify old password" off.',
      },
    );
  throw new SsoError(
    10677,
    'conflict',
    `No password of ${externalUser} is stored, so the old one proves nothing`,
    {
      fix: 'Set the credentials of the mapping once, or switch "Verify old password" off.',
    },
  );
}
