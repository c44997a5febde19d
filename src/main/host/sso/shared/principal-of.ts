import type { SsoSettings } from '#sso/ports.ts';

import { realmOf } from '../../channel/domain-proofs.ts';
import type { Domain } from '../domain-directory.ts';

/** The service account of this server as Kerberos names it, `account@REALM`; undefined where its domain is not known. */
export function principalOf(
  { server }: Pick<SsoSettings, 'server'>,
  domains: readonly Pick<Domain, 'name' | 'dn'>[],
): string | undefined {
  const [domainName = '', account] = server?.serviceAccount.split('\\') ?? [];
  const domain = domains.find(({ name }) => name.toLowerCase() === domainName.toLowerCase());
  return domain === undefined || account === undefined ? undefined : `${account}@${realmOf(domain.dn)}`;
}
