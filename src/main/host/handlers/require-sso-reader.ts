import type { Call } from '#shared/rpc/contract.ts';
import type { Sso } from '#sso/create-sso.ts';

import { ssoCallerOf } from './sso.ts';

/**
 * Whoever may browse the service may see how single sign-on is set up; of those who reach single sign-on alone, its
 * administrators. Throws `SsoError` 11010.
 */
export async function requireSsoReader(sso: Sso, call: Call, what: string): Promise<void> {
  if (call.access === 'use') await sso.access.requireAffiliateAdministrator(ssoCallerOf(call), what);
}
