import type { Sso } from '#sso/create-sso.ts';

/** Whether single sign-on has anything for an account: a role, or an application that it uses or administers. */
export async function isKnownToSso({ access, applications, ports }: Sso, account: string): Promise<boolean> {
  const caller = { account, name: account, isRemote: true };
  if (await access.isAffiliateAdministrator(caller)) return true;
  if ((await applications.list(caller)).length > 0) return true;
  for (const adapter of await ports.database.adapters.list())
    if (await access.isAdministratorOf(caller, adapter)) return true;
  return false;
}
