import type { Caller } from '#channel/caller.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { Access } from '#sso/access.ts';
import { isSameAccount } from '#sso/caller.ts';
import type { AuditSink } from '#sso/ports.ts';
import { SsoError } from '#sso/sso-error.ts';
import type { MasterSecret } from '#vault/master-secret.ts';
import { packKeys } from '#vault/packed-keys.ts';

export interface SecretGiverParts {
  readonly secret: MasterSecret;
  readonly access: Access;
  readonly audit: AuditSink;
  /** Whether this server keeps the master secret. */
  readonly keepsSecret: boolean;
  /** Service accounts of the servers that the system has, as of now. */
  readonly accounts: () => readonly string[];
}

/**
 * Gives the master secret to the servers of the system: to whoever Kerberos proves to be the service account of one,
 * and only while that account is an SSO Administrator. Throws `SsoError` 10555, 10766 or 10783.
 */
export function createSecretGiver(parts: SecretGiverParts): (caller: Caller) => Promise<SecretBytes> {
  const { secret, access, audit, keepsSecret, accounts } = parts;
  /** Which secret each caller had last: one that polls is told of once. */
  const given = new Map<string, number | undefined>();
  return async ({ principal, domain, account: name }) => {
    if (!keepsSecret) throw new SsoError(10766, 'conflict', 'This server does not keep the master secret');
    const account = `${domain}\\${name}`;
    const isServer = accounts().some((each) => isSameAccount(each, account));
    if (!isServer || !(await access.isSsoAdministrator({ account, name: principal, isRemote: true }))) {
      const why = isServer ? 'is no SSO Administrator' : 'is the service account of no server of the system';
      const message = `${principal} asked for the master secret and was refused: it ${why}`;
      await audit.record({ event: 10555, message, caller: principal, table: 'administration' });
      throw new SsoError(10555, 'forbidden', message);
    }
    const { current } = secret.status;
    const keys = secret.copyKeys();
    try {
      if (given.get(principal) !== current) {
        given.set(principal, current);
        const message = `Master secret ${current} was given to ${principal}`;
        await audit.record({ event: 10531, message, caller: principal, table: 'administration' });
      }
      return packKeys(keys);
    } finally {
      for (const { key } of keys) key.wipe();
    }
  };
}
