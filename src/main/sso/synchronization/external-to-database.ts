import type { SsoApplication } from '#shared/model/sso-application.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { Mapping } from '../ports.ts';
import { isSsoError, SsoError } from '../sso-error.ts';
import type { SyncPorts } from './ports.ts';
import type { ChangeAudit } from './sync-audit.ts';

export interface MappedAccount {
  readonly application: SsoApplication;
  readonly mapping: Mapping;
}

/** Writes a reported password to the credential database; resolves with how many mappings did not take it. */
export async function changeDatabase(
  accounts: readonly MappedAccount[],
  password: SecretBytes,
  changedAt: number,
  audit: ChangeAudit,
  { credentials }: Pick<SyncPorts, 'credentials'>,
): Promise<number> {
  let failures = 0;
  for (const { application, mapping } of accounts) {
    const { windowsAccount, externalUser } = mapping;
    const at = { application: application.name, windowsAccount };
    try {
      const { blanked, isUnreadable } = await credentials.writePassword(
        application,
        mapping,
        'external',
        password,
        changedAt,
      );
      if (isUnreadable)
        await audit.failed(10680, `What was stored of ${externalUser} did not open and is replaced`, at);
      if (blanked > 0)
        await audit.failed(10711, `${blanked} other fields of ${externalUser} are empty now`, at);
      await audit.done(10736, `The password of ${externalUser} in ${application.name} was stored`, at);
    } catch (error) {
      if (!(error instanceof SsoError)) throw error;
      failures += 1;
      const event = isSsoError(error, 10816) ? 10816 : 10737;
      await audit.failed(
        event,
        `The password of ${externalUser} in ${application.name} was not stored: ${error.message}`,
        at,
      );
    }
  }
  return failures;
}
