import { statSync } from 'node:fs';

import { applyLdif, ldifLine } from './ldif.ts';
import { type CommandResult, runCommand } from './run-command.ts';
import { administratorBind, runSambaTool, type SambaDomain } from './samba-domain.ts';

export interface ServiceAccount {
  readonly name: string;
  readonly password: string;
  /** Service principal names, for example ENTSSO/intsvr1.fabrikam.lab. */
  readonly servicePrincipalNames: readonly string[];
}

/** Environment in which Kerberos programs know this realm only, with a ticket cache of the caller's choice. */
export function kerberosEnvironment(domain: SambaDomain, ticketCache: string): Record<string, string> {
  // Both always: an ambient cache of another realm makes kpasswd fail with "Password incorrect".
  return { KRB5_CONFIG: domain.krb5Config, KRB5CCNAME: ticketCache };
}

/** Makes an account that services run as; its tickets are AES only. */
export async function addServiceAccount(domain: SambaDomain, account: ServiceAccount): Promise<void> {
  await applyLdif(
    domain.ldapsUrl,
    [
      `dn: CN=${account.name},CN=Users,${domain.baseDn}`,
      'objectClass: user',
      `sAMAccountName: ${account.name}`,
      `userPrincipalName: ${account.name}@${domain.realm.toLowerCase()}`,
      // Normal account, password never expires.
      'userAccountControl: 66048',
      // AES128 and AES256; without it the keytab's keys for a service principal are RC4 only.
      'msDS-SupportedEncryptionTypes: 24',
      ...account.servicePrincipalNames.map((name) => ldifLine('servicePrincipalName', name)),
      ldifLine('unicodePwd', Buffer.from(`"${account.password}"`, 'utf16le')),
      '',
    ].join('\n'),
    administratorBind(domain),
  );
}

/** Writes keys to a keytab; without a principal, those of every account in the domain. */
export async function exportKeytab(
  domain: SambaDomain,
  path: string,
  ...principals: string[]
): Promise<void> {
  for (const principal of principals.length === 0 ? [undefined] : principals) {
    const which = principal === undefined ? [] : [`--principal=${principal}`];
    const before = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    await runSambaTool(domain, ['domain', 'exportkeytab', path, ...which]);
    // It ends with 0 for a principal that does not exist, and writes nothing.
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= before) {
      throw new Error(`No keys of ${principal ?? 'the domain'} were written to ${path}`);
    }
  }
}

/** Asks for a ticket with a password. */
export function runKinit(
  domain: SambaDomain,
  principal: string,
  password: string,
  ticketCache: string,
): Promise<CommandResult> {
  return runCommand('kinit', [principal], {
    input: `${password}\n`,
    env: kerberosEnvironment(domain, ticketCache),
  });
}

/** Asks for a ticket with a keytab; throws when it is refused. */
export async function runKinitWithKeytab(
  domain: SambaDomain,
  principal: string,
  keytab: string,
  ticketCache: string,
): Promise<void> {
  const result = await runCommand('kinit', ['-k', '-t', keytab, principal], {
    env: kerberosEnvironment(domain, ticketCache),
  });
  if (result.code !== 0) throw new Error(`kinit ${principal}: ${result.stderr.trim()}`);
}
