import type { EventEntry } from './event-definition.ts';
import { ssoAccountEvents } from './sso-account-events.ts';
import { ssoAdministrationEvents } from './sso-administration-events.ts';
import { ssoDatabaseEvents } from './sso-database-events.ts';
import { ssoLimitEvents } from './sso-limit-events.ts';
import { ssoRefusalEvents } from './sso-refusal-events.ts';
import { ssoServerEvents } from './sso-server-events.ts';

/** Events of single sign-on under the numbers of ENTSSO, without those of password synchronization. */
export const ssoEvents: readonly EventEntry[] = [
  ...ssoServerEvents,
  ...ssoDatabaseEvents,
  ...ssoAdministrationEvents,
  ...ssoRefusalEvents,
  ...ssoLimitEvents,
  ...ssoAccountEvents,
];
