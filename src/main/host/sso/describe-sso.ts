import type { SsoStatus } from '#shared/contract/sso.ts';
import type { Access } from '#sso/access.ts';
import type { SsoCaller } from '#sso/caller.ts';
import { isSsoError } from '#sso/sso-error.ts';

import type { SsoService } from './open-sso.ts';

/** How single sign-on stands, and what the caller is to it. */
export async function describeSso(service: SsoService, caller: SsoCaller): Promise<SsoStatus> {
  const { sso, ports, secret, reEncryption, needsBackup } = service;
  const { access } = sso;
  const { system, server, hostName } = ports.settings();
  const { current, createdAt, previous, backedUpAt } = secret.status;
  const named = system.masterSecretServer?.toLowerCase();
  return {
    enabled: system.enabled,
    ...(server === undefined ? {} : { server: server.name }),
    hostName,
    account: access.accountOf(caller) ?? caller.name,
    role: await readRole(access, caller),
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

/** None where the directory does not say: how the server stands can be read all the same. */
async function readRole(access: Access, caller: SsoCaller): Promise<SsoStatus['role']> {
  try {
    if (await access.isSsoAdministrator(caller)) return 'sso-administrator';
    return (await access.isAffiliateAdministrator(caller)) ? 'affiliate-administrator' : 'none';
  } catch (error) {
    if (isSsoError(error, 11014)) return 'none';
    throw error;
  }
}
