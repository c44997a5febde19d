import { kerberosEnvironment } from './kerberos-realm.ts';
import { applyLdif, type LdifBind, ldifLine } from './ldif.ts';
import { withPasswordFile } from './password-file.ts';
import { requireCommand, runCommand } from './run-command.ts';
import { administratorBind, runSambaTool, type SambaDomain } from './samba-domain.ts';

/** One password that an account gets. */
export interface PasswordChange {
  /** sAMAccountName. */
  readonly account: string;
  readonly dn: string;
  readonly oldPassword: string;
  readonly newPassword: string;
}

/** Changes a password in the domain one way; throws when the domain refuses. */
export type ChangePassword = (domain: SambaDomain, change: PasswordChange) => Promise<void>;

function unicodePwd(password: string): string {
  return ldifLine('unicodePwd', Buffer.from(`"${password}"`, 'utf16le'));
}

function modify(domain: SambaDomain, dn: string, lines: readonly string[], bind: LdifBind): Promise<void> {
  const record = [ldifLine('dn', dn), 'changetype: modify', ...lines, ''];
  return applyLdif(domain.ldapsUrl, record.join('\n'), bind);
}

/** Runs rpcclient as the administrator; the command comes on standard input, for it holds a password. */
async function runRpcClient(domain: SambaDomain, command: string): Promise<void> {
  const login = `username = ${domain.adminUser}\npassword = ${domain.adminPassword}\ndomain = ${domain.netbios}\n`;
  const result = await withPasswordFile(login, (file) =>
    runCommand('rpcclient', ['-A', file, '-s', domain.smbConf, domain.host], {
      input: `${command}\n`,
      env: kerberosEnvironment(domain, `FILE:${file}.tickets`),
    }),
  );
  // It ends with 0 also for a command that the server refused.
  const refusal = /NT_STATUS_\w+/.exec(result.stdout + result.stderr)?.[0];
  if (result.code !== 0 || refusal !== undefined) {
    throw new Error(`rpcclient ended with ${result.code}: ${refusal ?? result.stderr.trim()}`);
  }
}

/** The user changes the own password over the Kerberos password protocol (RFC 3244), as a Linux desktop does. */
async function kpasswd(domain: SambaDomain, { account, oldPassword, newPassword }: PasswordChange) {
  await withPasswordFile('', (file) =>
    requireCommand('kpasswd', [`${account}@${domain.realm}`], {
      input: `${oldPassword}\n${newPassword}\n${newPassword}\n`,
      env: kerberosEnvironment(domain, `FILE:${file}.tickets`),
    }),
  );
}

/** An administrator resets it on the domain controller. */
async function adminReset(domain: SambaDomain, { account, newPassword }: PasswordChange) {
  await runSambaTool(domain, ['user', 'setpassword', account], `${newPassword}\n${newPassword}\n`);
}

/** An administrator resets it over LDAP (MS-ADTS 3.1.1.3.1.5.1: replace). */
async function ldapReset(domain: SambaDomain, { dn, newPassword }: PasswordChange) {
  await modify(domain, dn, ['replace: unicodePwd', unicodePwd(newPassword)], administratorBind(domain));
}

/** The user changes it over LDAP (MS-ADTS 3.1.1.3.1.5.1: delete and add). */
async function ldapChange(domain: SambaDomain, change: PasswordChange) {
  const lines = [
    'delete: unicodePwd',
    unicodePwd(change.oldPassword),
    '-',
    'add: unicodePwd',
    unicodePwd(change.newPassword),
  ];
  const bind = {
    dn: `${change.account}@${domain.realm.toLowerCase()}`,
    password: change.oldPassword,
    caFile: domain.caFile,
  };
  await modify(domain, change.dn, lines, bind);
}

/** The user changes it over SAMR, as a Windows desktop does. */
async function samrChange(domain: SambaDomain, { account, oldPassword, newPassword }: PasswordChange) {
  await requireCommand('smbpasswd', ['-s', '-r', domain.host, '-U', account, '-c', domain.smbConf], {
    input: `${oldPassword}\n${newPassword}\n${newPassword}\n`,
    env: kerberosEnvironment(domain, `FILE:${domain.directory}/no-tickets`),
  });
}

/** An administrator sets it over SAMR, as Active Directory Users and Computers does (level 24). */
async function samrReset(domain: SambaDomain, { account, newPassword }: PasswordChange) {
  await runRpcClient(domain, `setuserinfo2 ${account} 24 ${newPassword}`);
}

/** Every way that users and administrators change a password in Active Directory. */
export const passwordChanges = {
  kpasswd,
  'admin-reset': adminReset,
  'ldap-reset': ldapReset,
  'ldap-change': ldapChange,
  'samr-change': samrChange,
  'samr-reset': samrReset,
} as const satisfies Record<string, ChangePassword>;

export type ChangeWay = keyof typeof passwordChanges;

export const changeWays = Object.keys(passwordChanges) as readonly ChangeWay[];
