import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { Access } from './access.ts';
import { isSameAccount, type SsoCaller } from './caller.ts';
import type { Credentials } from './credentials.ts';
import type { MappingReference, Mappings } from './mappings.ts';
import type { SsoPorts } from './ports.ts';
import { SsoError } from './sso-error.ts';

export interface SetCredentialsParts {
  readonly ports: SsoPorts;
  readonly access: Access;
  readonly mappings: Mappings;
  readonly credentials: Credentials;
  readonly forget: (application: string) => void;
}

export interface CredentialsToSet extends MappingReference {
  /** Values of the credential fields, in their order. */
  readonly fields: readonly SecretBytes[];
  /** The Windows password, which full synchronization needs to change it in the domain. */
  readonly windowsPassword?: SecretBytes | undefined;
}

/** Sets what a mapping keeps, by its administrators or by the user that it belongs to. */
export async function setCredentials(
  { ports, access, mappings, credentials, forget }: SetCredentialsParts,
  caller: SsoCaller,
  given: CredentialsToSet,
): Promise<void> {
  const { application, mapping } = await mappings.find(given);
  const by = access.accountOf(caller) ?? caller.name;
  const named = { application: application.name };
  if (!(await access.isAdministratorOf(caller, application))) {
    const { account } = await access.requireUserOf(
      caller,
      application,
      `Setting credentials of ${application.name}`,
    );
    const refuse = (event: number, message: string): Promise<never> =>
      access.refuse(new SsoError(event, 'forbidden', message), caller, named);
    if (application.type !== 'individual')
      await refuse(
        10557,
        `Users set no credentials in ${application.name}, which is no Individual application`,
      );
    if (!isSameAccount(account, mapping.windowsAccount))
      await refuse(
        10558,
        `${account} may set its own credentials only, not those of ${mapping.windowsAccount}`,
      );
  }
  const now = ports.clock.now();
  await credentials.writeFields(application, mapping, given.fields, now);
  if (given.windowsPassword !== undefined) {
    await credentials.writePassword(application, mapping, 'windows', given.windowsPassword, now);
    await note(10675, `The Windows password of ${mapping.windowsAccount} was stored by ${by}`);
  }
  forget(application.name);
  await note(10535, `The credentials of ${mapping.externalUser} in ${application.name} were set by ${by}`);

  async function note(event: number, message: string): Promise<void> {
    const { windowsAccount, externalUser } = mapping;
    await ports.audit.record({
      event,
      message,
      caller: by,
      ...named,
      windowsAccount,
      externalUser,
      level: 2,
      table: 'administration',
    });
  }
}
