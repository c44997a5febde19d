import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeServerCertificate } from './certificate-authority.ts';
import { fillDirectory } from './directory-cache.ts';
import { writeKerberosConfiguration } from './kerberos-configuration.ts';
import type { LdifBind } from './ldif.ts';
import { acceptsConnections } from './port.ts';
import { type CommandResult, requireCommand } from './run-command.ts';
import { seedEntries } from './seed-entries.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

export interface SambaDomainOptions {
  /** A missing directory; removed with the lab. */
  readonly directory: string;
  /** Default FABRIKAM.LAB. A second domain beside it needs a host and an address of its own. */
  readonly realm?: string;
  readonly address?: string;
  readonly checkPasswordScript?: string;
  /** Further lines of [global], for example `dsdb:schema update allowed = yes`. */
  readonly globals?: readonly string[];
  /** Whether the domain asks for complex passwords; default true. */
  readonly complexity?: boolean;
  /** LDIF of entries that the domain starts with, added once and kept with the provisioned copy. */
  readonly entries?: string;
  /** How Samba divides its work into processes; default prefork. */
  readonly model?: 'prefork' | 'single' | 'standard';
  /** Environment of the domain controller, for example GNUPGHOME. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What one needs to know to use a running domain; plain data, so that it crosses processes. */
export interface SambaDomain {
  readonly realm: string;
  readonly netbios: string;
  readonly baseDn: string;
  readonly host: string;
  readonly address: string;
  readonly directory: string;
  readonly smbConf: string;
  readonly ldapUrl: string;
  readonly ldapsUrl: string;
  /** The privileged socket: whoever opens it is SYSTEM, until a bind makes it less. */
  readonly ldapiUrl: string;
  readonly caFile: string;
  readonly krb5Config: string;
  readonly adminUser: string;
  readonly adminPassword: string;
  /** Keys of the domain controller's own account (DC1$). */
  readonly secretsKeytab: string;
}

export interface RunningSambaDomain extends SambaDomain {
  /** Runs samba-tool against the domain's database. */
  tool(args: readonly string[], input?: string): Promise<CommandResult>;
  /** Ends the controller and starts it again, with other [global] lines when given. */
  restart(globals?: readonly string[]): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
}

const adminPassword = 'Lab-Admin-1!';

/** The domain's administrator, for LDIF over LDAPS. */
export function administratorBind(domain: SambaDomain): LdifBind {
  return {
    dn: `${domain.adminUser}@${domain.realm.toLowerCase()}`,
    password: domain.adminPassword,
    caFile: domain.caFile,
  };
}

/** Runs samba-tool against a domain's database; throws when it fails. */
export function runSambaTool(
  domain: SambaDomain,
  args: readonly string[],
  input = '',
): Promise<CommandResult> {
  return requireCommand('samba-tool', [...args, '-s', domain.smbConf], {
    input,
    env: { KRB5_CONFIG: domain.krb5Config, KRB5CCNAME: `FILE:${domain.directory}/no-tickets` },
  });
}

function describeDomain(options: SambaDomainOptions): SambaDomain {
  const realm = options.realm ?? 'FABRIKAM.LAB';
  const labels = realm.toLowerCase().split('.');
  const host = `dc1.${labels.join('.')}`;
  const { directory } = options;
  const socket = join(directory, 'private/ldap_priv/ldapi');
  return {
    realm,
    netbios: (labels[0] ?? '').toUpperCase(),
    baseDn: labels.map((label) => `DC=${label}`).join(','),
    host,
    address: options.address ?? '127.0.0.1',
    directory,
    smbConf: join(directory, 'smb.conf'),
    ldapUrl: `ldap://${host}`,
    ldapsUrl: `ldaps://${host}`,
    ldapiUrl: `ldapi://${encodeURIComponent(socket)}`,
    caFile: join(directory, 'tls/ca.pem'),
    krb5Config: join(directory, 'krb5.conf'),
    adminUser: 'Administrator',
    adminPassword,
    secretsKeytab: join(directory, 'private/secrets.keytab'),
  };
}

function writeSmbConf(
  domain: SambaDomain,
  options: Partial<SambaDomainOptions>,
  globals: readonly string[],
): void {
  const { directory } = domain;
  const lines = [
    '[global]',
    'netbios name = DC1',
    `realm = ${domain.realm}`,
    `workgroup = ${domain.netbios}`,
    'server role = active directory domain controller',
    `interfaces = ${domain.address}/8`,
    'bind interfaces only = yes',
    // What a password needs to come in; name service and replication would only cost start time.
    'server services = s3fs, rpc, ldap, cldap, kdc, winbindd',
    `private dir = ${directory}/private`,
    `state directory = ${directory}/state`,
    `cache directory = ${directory}/cache`,
    `lock directory = ${directory}/lock`,
    `binddns dir = ${directory}/bind-dns`,
    `pid directory = ${directory}/run`,
    `ncalrpc dir = ${directory}/run/ncalrpc`,
    `winbindd socket directory = ${directory}/run/winbindd`,
    `ntp signd socket directory = ${directory}/run/ntp_signd`,
    `log file = ${directory}/log.%m`,
    `tls keyfile = ${directory}/tls/server.key`,
    `tls certfile = ${directory}/tls/server.pem`,
    `tls cafile = ${directory}/tls/ca.pem`,
    // Samba takes the old password for another hour in simple binds; a probe must tell old from new.
    'old password allowed period = 0',
    'idmap_ldb:use rfc2307 = yes',
    ...(options.checkPasswordScript === undefined
      ? []
      : [`check password script = ${options.checkPasswordScript}`]),
    ...globals,
    '[sysvol]',
    `path = ${directory}/state/sysvol`,
    'read only = no',
    '[netlogon]',
    `path = ${directory}/state/sysvol/${domain.realm.toLowerCase()}/scripts`,
    'read only = no',
  ];
  writeFileSync(domain.smbConf, `${lines.join('\n')}\n`);
}

/** Ten seconds on a quiet machine, more than a minute on a busy one. */
const provisionTimeout = 300_000;

/** Makes the domain's databases. Only smb.conf holds paths, and each copy gets one of its own. */
async function provision(domain: SambaDomain, options: SambaDomainOptions): Promise<void> {
  const { directory } = domain;
  const target = join(directory, 'new');
  const provision = [
    ...['domain', 'provision', `--targetdir=${target}`],
    `--realm=${domain.realm}`,
    `--domain=${domain.netbios}`,
    '--server-role=dc',
    '--dns-backend=SAMBA_INTERNAL',
    `--adminpass=${adminPassword}`,
    '--host-name=dc1',
    `--host-ip=${domain.address}`,
    '--use-rfc2307',
    `--option=interfaces=${domain.address}/8`,
    '--option=bind interfaces only=yes',
  ];
  await requireCommand('samba-tool', provision, { timeout: provisionTimeout });
  for (const name of ['private', 'state', 'bind-dns']) renameSync(join(target, name), join(directory, name));
  rmSync(target, { recursive: true });
  for (const name of ['run', 'cache', 'lock']) mkdirSync(join(directory, name));
  const { keyFile } = await makeServerCertificate(join(directory, 'tls'), [domain.host], [domain.address]);
  chmodSync(keyFile, 0o600);
  writeKerberosConfiguration(domain.krb5Config, domain.realm, domain.host);
  writeSmbConf(domain, {}, []);
  // Without the DNS update service nobody else registers ldap/<host>, and GSSAPI finds no such server.
  await requireCommand('samba_spnupdate', ['-s', domain.smbConf]);
  const complexity = `--complexity=${(options.complexity ?? true) ? 'on' : 'off'}`;
  // The kept domain grows old; its passwords must not.
  const ages = ['--min-pwd-age=0', '--max-pwd-age=0'];
  await runSambaTool(domain, ['domain', 'passwordsettings', 'set', ...ages, complexity]);
  if (options.entries === undefined) return;
  const server = await startController(domain, {});
  try {
    await seedEntries(domain.ldapsUrl, options.entries, administratorBind(domain));
  } finally {
    await server.stop();
  }
}

/** Lays a provisioned domain into the directory. */
async function prepareDirectory(domain: SambaDomain, options: SambaDomainOptions): Promise<void> {
  const version = (await requireCommand('samba', ['--version'])).stdout.trim();
  const { realm, address, complexity, entries } = options;
  const ingredients = [
    provision.toString(),
    version,
    JSON.stringify({ realm, address, complexity, entries }),
  ];
  await fillDirectory(domain.directory, ingredients, () => provision(domain, options));
}

function startController(domain: SambaDomain, options: Partial<SambaDomainOptions>): Promise<ServerProcess> {
  const { address, directory } = domain;
  const socket = join(directory, 'private/ldap_priv/ldapi');
  return startServerProcess({
    name: `Samba domain ${domain.realm}`,
    command: ['samba', '-i', '-M', options.model ?? 'prefork', '-s', domain.smbConf],
    // smbd asks winbindd at this compiled-in path, whatever smb.conf says, and refuses sessions without it.
    mounts: { '/run/samba': join(directory, 'run') },
    env: { KRB5_CONFIG: domain.krb5Config, KRB5CCNAME: `FILE:${directory}/no-tickets`, ...options.env },
    logFile: join(directory, 'samba.log'),
    isReady: async () => {
      for (const port of [88, 464, 636, 389, 445, 135]) {
        if (!(await acceptsConnections({ host: address, port }))) return false;
      }
      return acceptsConnections({ path: socket });
    },
  });
}

/** Boots an Active Directory domain controller of its own. Must run inside a lab namespace. */
export async function startSambaDomain(options: SambaDomainOptions): Promise<RunningSambaDomain> {
  const domain = describeDomain(options);
  await prepareDirectory(domain, options);
  writeSmbConf(domain, options, options.globals ?? []);
  let server = await startController(domain, options);
  return {
    ...domain,
    tool: (args, input) => runSambaTool(domain, args, input),
    restart: async (globals) => {
      await server.stop();
      if (globals !== undefined) writeSmbConf(domain, options, globals);
      server = await startController(domain, options);
    },
    stop: () => server.stop(),
    kill: () => server.kill(),
    pause: () => server.pause(),
    resume: () => server.resume(),
  };
}
