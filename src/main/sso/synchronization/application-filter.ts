import type { SsoApplication } from '#shared/model/sso-application.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { SsoError } from '../sso-error.ts';
import type { SyncPorts } from './ports.ts';

/**
 * The password as an application's external system takes it; the caller wipes it. Throws `SsoError` 11061 where the
 * filter is gone and 11062 where it fails: a password that was not made fit goes nowhere.
 */
export async function filterFor(
  application: SsoApplication,
  password: SecretBytes,
  { database, filter }: Pick<SyncPorts, 'database' | 'filter'>,
): Promise<SecretBytes> {
  if (application.passwordFilter === undefined) return SecretBytes.copy(password.bytes);
  const definition = await database.filters.find(application.passwordFilter);
  if (definition === undefined)
    throw new SsoError(
      11061,
      'invalid_configuration',
      `The password filter "${application.passwordFilter}" of ${application.name} does not exist`,
      { fix: `Create it, or assign another filter to ${application.name}.` },
    );
  try {
    return filter(definition.rules, password);
  } catch (cause) {
    throw new SsoError(
      11062,
      'invalid_configuration',
      `The password filter "${definition.name}" of ${application.name} cannot take this password`,
      { fix: `Correct the filter "${definition.name}".`, cause },
    );
  }
}
