import type { Configuration } from '#shared/model/configuration.ts';
import { isBuiltInAccount } from '#shared/model/sso-account.ts';
import { isSameSequence } from '#shared/text/same-sequence.ts';
import type { AccountDirectory, AuditSink, SsoSettings } from '#sso/ports.ts';
import { SsoError } from '#sso/sso-error.ts';

import { ssoSettingsOf } from './sso-settings.ts';

/** Refuses what the system's state forbids, whoever changes the configuration. Throws `SsoError` 10570, 10572 or 10777. */
export function guardSsoSettings(after: Configuration, before: Configuration): void {
  const [old, next] = [before.singleSignOn.system, after.singleSignOn.system];
  for (const account of [...next.administrators, ...next.affiliateAdministrators])
    if (isBuiltInAccount(account))
      throw new SsoError(
        10777,
        'invalid_input',
        `${account} is a built-in account; everybody would administer`,
      );
  if (!old.enabled) return;
  const fix = 'Disable single sign-on, change the accounts, and enable it again.';
  if (!isSameSequence(old.administrators, next.administrators))
    throw new SsoError(10570, 'conflict', 'The SSO Administrators change only while the system is disabled', {
      fix,
    });
  if (!isSameSequence(old.affiliateAdministrators, next.affiliateAdministrators))
    throw new SsoError(
      10572,
      'conflict',
      'The SSO Affiliate Administrators change only while the system is disabled',
      { fix },
    );
}

/** Tells what a new configuration changed of single sign-on. */
export async function tellSsoSettings(
  audit: AuditSink,
  after: Configuration,
  before: Configuration,
  hostName: string,
): Promise<void> {
  const [{ system: old }, { system }] = [ssoSettingsOf(before, hostName), ssoSettingsOf(after, hostName)];
  const told: [boolean, number, string][] = [
    [
      old.enabled !== system.enabled,
      system.enabled ? 10582 : 10583,
      `Single sign-on was ${system.enabled ? 'enabled' : 'disabled'}`,
    ],
    [
      old.masterSecretServer !== system.masterSecretServer,
      10575,
      `The master secret server is ${system.masterSecretServer ?? 'this server'}`,
    ],
    [
      !isSameSequence(old.administrators, system.administrators),
      10576,
      `The SSO Administrators are ${system.administrators.join('; ')}`,
    ],
    [
      !isSameSequence(old.affiliateAdministrators, system.affiliateAdministrators),
      10577,
      `The SSO Affiliate Administrators are ${system.affiliateAdministrators.join('; ')}`,
    ],
    [
      old.allowTickets !== system.allowTickets,
      system.allowTickets ? 10606 : 10607,
      `Tickets are ${system.allowTickets ? '' : 'not '}allowed in the system`,
    ],
  ];
  for (const [changed, event, message] of told)
    if (changed) await audit.record({ event, message, table: 'administration' });
}

/** Tells of administrators that are not in the domain, or are no group. */
export async function tellAdministrators(
  audit: AuditSink,
  directory: AccountDirectory,
  { system }: SsoSettings,
): Promise<void> {
  const lists = [
    ['SSO Administrators', system.administrators, 11051],
    ['SSO Affiliate Administrators', system.affiliateAdministrators, 11052],
  ] as const;
  for (const [role, accounts, event] of lists)
    for (const account of accounts) {
      const found = await directory.find(account);
      if (found === undefined)
        await audit.record({ event: 10780, message: `${role}: the domain has no account ${account}` });
      else if (found.kind === 'user')
        await audit.record({ event, message: `${role}: ${account} is a single account, not a group` });
    }
}

/** Service accounts that the server warns of, or that cannot be an SSO Administrator; the event of each. */
export function findServiceAccountProblem({ server, hostName }: SsoSettings): number | undefined {
  const account = (server?.serviceAccount ?? '').toLowerCase();
  const name = account.slice(account.indexOf('\\') + 1);
  if (name === 'localsystem' || name === 'local system' || account === 'nt authority\\system') return 11038;
  if (name === 'localservice' || name === 'local service') return 11039;
  if (name === 'networkservice' || name === 'network service') return 11040;
  const [domain = ''] = account.split('\\');
  if (account.includes('\\') && (domain === '.' || domain === (hostName.split('.')[0] ?? '').toLowerCase()))
    return 11041;
  return undefined;
}
