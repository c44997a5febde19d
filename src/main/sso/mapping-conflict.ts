import type { SsoApplication } from '#shared/model/sso-application.ts';

import { isSameAccount } from './caller.ts';
import type { NewMapping } from './ports.ts';
import { SsoError } from './sso-error.ts';

/**
 * What forbids a mapping beside others of its application. Individual: both sides once. Group: each Windows account
 * once, external accounts as often as wanted. Host Group: each external account once.
 */
export function findMappingConflict(
  { type, name }: SsoApplication,
  mapping: NewMapping,
  others: readonly NewMapping[],
): SsoError | undefined {
  const { windowsAccount, externalUser } = mapping;
  if (type !== 'host-group' && others.some((other) => isSameAccount(other.windowsAccount, windowsAccount)))
    return new SsoError(
      type === 'group' ? 11026 : 11045,
      'conflict',
      `${windowsAccount} has a mapping in ${name} already`,
    );
  if (type !== 'group' && others.some((other) => other.externalUser === externalUser))
    return new SsoError(11046, 'conflict', `${externalUser} has a mapping in ${name} already`);
  return undefined;
}
