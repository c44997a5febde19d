import type { Caller, ProveCaller } from '#channel/caller.ts';
import { ChannelError } from '#channel/channel-error.ts';
import { isSameAccount } from '#sso/caller.ts';
import type { AuditSink, SsoSettings } from '#sso/ports.ts';

import { realmOf } from '../channel/domain-proofs.ts';
import type { Domain } from './domain-directory.ts';

export interface SsoCallerProofParts {
  readonly settings: () => SsoSettings;
  readonly domains: () => readonly Domain[];
  /** Proves that a principal is a domain controller. */
  readonly proveController: ProveCaller;
  readonly audit: AuditSink;
  /** Service accounts of the system's servers, which may ask each other for the master secret. */
  readonly serverAccounts: () => readonly string[];
}

/** Whether a caller is the synchronization engine rather than a domain controller. */
export function isServiceAccount({ account }: Caller): boolean {
  return !account.endsWith('$');
}

/**
 * Takes domain controllers of this server's domain, and the synchronization engine, which has to sign in as the
 * service account of this server. Each refusal is audited under its number.
 */
export function createSsoCallerProof({
  settings,
  domains,
  proveController,
  audit,
  serverAccounts,
}: SsoCallerProofParts): ProveCaller {
  return async (principal) => {
    const [, name = '', realm = ''] = /^([^@/]+)@([^@/]+)$/.exec(principal) ?? [];
    const domain = domains().find(({ dn }) => realmOf(dn) === realm.toUpperCase());
    if (name.endsWith('$')) {
      return await proveController(principal).catch(async (error: unknown) => {
        if (error instanceof ChannelError && error.code === 'not-a-domain-controller')
          await audit.record({ event: 10709, message: error.message, caller: principal });
        throw error;
      });
    }
    const { server, hostName } = settings();
    const account = `${domain?.name ?? realm}\\${name}`;
    const known = [server?.serviceAccount ?? '', ...serverAccounts()];
    if (domain !== undefined && name !== '' && known.some((each) => isSameAccount(account, each)))
      return { principal, account: name, domain: domain.name };
    const message = `${principal} is refused: the service account of ${hostName} is ${server?.serviceAccount || 'not set'}`;
    await audit.record({ event: 11060, message, caller: principal });
    throw new ChannelError('not-service-account', `${message} (event 11060)`);
  };
}
