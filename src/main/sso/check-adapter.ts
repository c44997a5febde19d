import type { SsoAdapter } from '#shared/model/sso-adapter.ts';

import type { Access } from './access.ts';
import type { SsoCaller } from './caller.ts';
import { checkAccounts } from './check-accounts.ts';
import type { SsoPorts } from './ports.ts';
import { SsoError } from './sso-error.ts';

/** Holds the definition of an adapter against its rules, and its accounts against the directory. Throws `SsoError`. */
export async function checkAdapter(
  { ports, access }: { readonly ports: SsoPorts; readonly access: Access },
  caller: SsoCaller,
  adapter: SsoAdapter,
): Promise<void> {
  const refuse = (event: number, message: string): never => {
    throw new SsoError(event, 'invalid_input', `Adapter ${adapter.name}: ${message}`);
  };
  if (adapter.administratorsSameAsAffiliate && adapter.administrators.length > 0)
    refuse(10775, 'its administrators are the SSO Affiliate Administrators, so it takes no others');
  if (!adapter.administratorsSameAsAffiliate && adapter.administrators.length === 0)
    refuse(10786, 'it needs Application Administrators');
  if (adapter.users.length === 0) refuse(10786, 'it needs an access account');
  if (adapter.kind === 'group-adapter' && (adapter.sendChanges || adapter.receiveChanges))
    refuse(10787, 'a group adapter takes and gives no passwords itself');
  await checkAccounts(ports, access, caller, { ...adapter, windowsAccount: undefined });
}
