import { diagnoseSpn } from '#channel/spn-diagnosis.ts';
import { isSameAccount, type SsoCaller } from '#sso/caller.ts';
import type { Sso } from '#sso/create-sso.ts';
import { SsoError } from '#sso/sso-error.ts';

import type { Domain } from './domain-directory.ts';

export interface SpnAdvice {
  /** The name that callers ask a ticket for. */
  readonly spn: string;
  /** Accounts that have it. */
  readonly accounts: readonly string[];
  /** This computer's clock minus the directory's, milliseconds. */
  readonly clockDifferenceMs: number | undefined;
  /** What is wrong, with the commands that put it right; empty where all is well. */
  readonly findings: readonly { readonly message: string; readonly fix: string }[];
}

/**
 * Holds what stands in Connect To against the directory: the service principal name must be registered in that very
 * form, once, on the account that the server runs as, and the clocks must agree.
 */
export async function checkSpn(
  { sso, domains }: { readonly sso: Sso; readonly domains: readonly Domain[] },
  caller: SsoCaller,
  connectTo: string,
): Promise<SpnAdvice> {
  await sso.access.requireAffiliateAdministrator(caller, 'Checking the service principal name');
  const { server } = sso.ports.settings();
  const serviceAccount = server?.serviceAccount ?? '';
  const [domainName = '', account = ''] = serviceAccount.split('\\');
  const domain = domains.find(({ name }) => isSameAccount(name, domainName)) ?? domains[0];
  if (domain === undefined)
    throw new SsoError(11014, 'unavailable', 'No Active Directory agent says what the domain knows', {
      fix: 'Add a management agent for the domain.',
    });
  const spn = `ENTSSO/${connectTo}`;
  const diagnosis = await diagnoseSpn(await domain.connect(), {
    spn,
    baseDn: domain.dn,
    domain: domain.name,
    account: account === '' ? undefined : account,
    now: sso.ports.clock.now(),
  });
  const { finding, accounts, clockDifferenceMs } = diagnosis;
  const findings = finding === undefined ? [] : [{ message: finding.message, fix: finding.fix }];
  const [holder] = accounts;
  if (serviceAccount === '')
    findings.push({
      message:
        'The server has no service account, so that nobody can say whether the name stands on the right one',
      fix: 'Set the service account of the server: Servers > Properties > SSO Service.',
    });
  else if (accounts.length === 1 && holder !== undefined && !isSameAccount(holder, account))
    findings.push({
      message: `${spn} stands on ${domain.name}\\${holder}, and the server runs as ${serviceAccount}`,
      fix: `setspn -D ${spn} ${domain.name}\\${holder}, then setspn -S ${spn} ${serviceAccount} (samba-tool spn delete ${spn} ${holder}, then samba-tool spn add ${spn} ${account}); or run the server as ${domain.name}\\${holder}`,
    });
  return { spn, accounts, clockDifferenceMs, findings };
}
