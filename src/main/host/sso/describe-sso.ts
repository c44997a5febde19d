import type { SsoStatus } from '#shared/contract/sso.ts';
import type { SsoCaller } from '#sso/caller.ts';

import type { SsoService } from './open-sso.ts';

/** How single sign-on stands, and what the caller is to it. */
export async function describeSso(service: SsoService, caller: SsoCaller): Promise<SsoStatus> {
  const { sso, ports, secret, reEncryption, needsBackup } = service;
  const { access } = sso;
  const { system, server, hostName } = ports.settings();
  const { current, createdAt, previous, backedUpAt } = secret.status;
  const role = (await access.isSsoAdministrator(caller))
    ? 'sso-administrator'
    : (await access.isAffiliateAdministrator(caller))
      ? 'affiliate-administrator'
      : 'none';
  const named = system.masterSecretServer?.toLowerCase();
  return {
    enabled: system.enabled,
    ...(server === undefined ? {} : { server: server.name }),
    hostName,
    account: access.accountOf(caller) ?? caller.name,
    role,
    applications: (await ports.database.applications.list()).length,
    adapters: (await ports.database.adapters.list()).length,
    secret: {
      isSecretServer: named === undefined || named === hostName.toLowerCase(),
      ...(current === undefined ? {} : { current }),
      ...(createdAt === undefined ? {} : { createdAt }),
      previous: [...previous],
      ...(backedUpAt === undefined ? {} : { backedUpAt }),
      needsBackup: needsBackup(),
    },
    reEncryption: reEncryption.state,
  };
}
