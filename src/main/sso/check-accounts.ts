import type { Access } from './access.ts';
import { isSameAccount, type SsoCaller } from './caller.ts';
import type { AccountFacts, SsoPorts } from './ports.ts';
import { SsoError } from './sso-error.ts';

export interface CheckedAccounts {
  readonly administrators: readonly string[];
  readonly users: readonly string[];
  readonly windowsAccount?: string | undefined;
  readonly allowLocalAccounts: boolean;
  readonly name: string;
}

/**
 * Holds accounts against the directory: each must be there, local ones only where they are allowed; one that is no
 * group is taken with a warning. Throws `SsoError`.
 */
export async function checkAccounts(
  ports: SsoPorts,
  access: Access,
  caller: SsoCaller,
  checked: CheckedAccounts,
): Promise<void> {
  const { name, administrators, users, windowsAccount } = checked;
  for (const account of administrators) {
    const found = await findAccount(ports, account, checked, 10568);
    if (found?.kind === 'user') await warn(ports, access, caller, 11053, name, account);
  }
  for (const account of users) {
    const found = await findAccount(ports, account, checked, 10567);
    if (found?.kind === 'user') await warn(ports, access, caller, 11054, name, account);
  }
  if (windowsAccount === undefined) return;
  const found = await findAccount(ports, windowsAccount, checked, 10740);
  if (found !== undefined && found.kind !== 'user')
    throw new SsoError(
      10846,
      'invalid_input',
      `${name}: ${windowsAccount} is no user; a Host Group has one user`,
    );
}

/** Whether an account belongs to this computer and not to a domain. */
export function isLocalAccount(account: string, hostName: string): boolean {
  const [domain = ''] = account.split('\\');
  return domain === '.' || isSameAccount(domain, hostName.split('.')[0] ?? '');
}

async function findAccount(
  ports: SsoPorts,
  account: string,
  { name, allowLocalAccounts }: CheckedAccounts,
  event: number,
): Promise<AccountFacts | undefined> {
  if (isLocalAccount(account, ports.settings().hostName)) {
    if (allowLocalAccounts) return undefined;
    throw new SsoError(10781, 'invalid_input', `${name}: ${account} is a local account`, {
      fix: 'Use an account of the domain, or allow local accounts for access accounts.',
    });
  }
  const found = await ports.directory.find(account);
  if (found !== undefined) return found;
  throw new SsoError(event, 'not_found', `${name}: the domain has no account ${account}`);
}

async function warn(
  ports: SsoPorts,
  access: Access,
  caller: SsoCaller,
  event: number,
  application: string,
  account: string,
): Promise<void> {
  const message = `${application}: ${account} is a single account, not a group`;
  const by = access.accountOf(caller) ?? caller.name;
  await ports.audit.record({ event, message, application, windowsAccount: account, caller: by });
}
