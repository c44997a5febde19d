import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeServerCertificate } from './certificate-authority.ts';
import type { LdapServer } from './ldap-server.ts';
import { applyLdif } from './ldif.ts';
import { acceptsConnections, findFreePort } from './port.ts';
import { controlServer, type ServerControls } from './server-controls.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

export interface OpenLdapOptions {
  /** An empty or missing directory; removed with the lab. */
  readonly directory: string;
  /** Default 8. */
  readonly minimumLength?: number;
  /** How many old passwords are refused; default 3. */
  readonly history?: number;
  /** Wrong binds until the account is locked; default 5, 0 never locks. */
  readonly maximumFailures?: number;
  /** Default {SSHA}; {ARGON2} loads its module. */
  readonly passwordHash?: '{SSHA}' | '{ARGON2}';
  /** Commits without waiting for the disk. */
  readonly noSync?: boolean;
  /** Bytes that the database may take; a small number makes it run full. Default 1 GiB. */
  readonly maximumSize?: number;
  /** Whether simple binds without TLS are refused (13, confidentiality required); default true. */
  readonly requireTls?: boolean;
  /** LDIF of entries that the server starts with. */
  readonly entries?: string;
  /** Lines after the database's own overlays, for example `overlay sock` and its settings. */
  readonly databaseLines?: readonly string[];
  /** Modules that these lines need, for example back_sock. */
  readonly modules?: readonly string[];
}

export type OpenLdap = LdapServer;
export type RunningOpenLdap = OpenLdap & ServerControls;

const suffix = 'dc=ldap,dc=lab';

async function describeServer(directory: string): Promise<OpenLdap> {
  const host = 'ldap1.ldap.lab';
  const port = await findFreePort();
  const tlsPort = await findFreePort();
  return {
    suffix,
    peopleDn: `ou=people,${suffix}`,
    host,
    port,
    tlsPort,
    ldapUrl: `ldap://${host}:${port}`,
    ldapsUrl: `ldaps://${host}:${tlsPort}`,
    ldapiUrl: `ldapi://${encodeURIComponent(join(directory, 'ldapi'))}`,
    caFile: join(directory, 'tls/ca.pem'),
    adminDn: `cn=admin,${suffix}`,
    adminPassword: 'Lab-Admin-1!',
    serviceDn: `uid=svc-carillon,ou=services,${suffix}`,
    servicePassword: 'Lab-Service-1!',
    directory,
    logFile: join(directory, 'slapd.log'),
  };
}

function writeSlapdConf(server: OpenLdap, options: OpenLdapOptions): void {
  const { directory, serviceDn } = server;
  const modules = ['back_mdb', 'ppolicy', 'syncprov', ...(options.modules ?? [])];
  if (options.passwordHash === '{ARGON2}') modules.push('argon2');
  const lines = [
    ...['core', 'cosine', 'inetorgperson', 'nis'].map((name) => `include /etc/ldap/schema/${name}.schema`),
    'modulepath /usr/lib/ldap',
    ...modules.map((name) => `moduleload ${name}`),
    `pidfile ${directory}/slapd.pid`,
    `argsfile ${directory}/slapd.args`,
    `TLSCertificateFile ${directory}/tls/server.pem`,
    `TLSCertificateKeyFile ${directory}/tls/server.key`,
    `TLSCACertificateFile ${directory}/tls/ca.pem`,
    'TLSVerifyClient never',
    // A UNIX socket is as good as TLS here.
    'localSSF 256',
    ...((options.requireTls ?? true) ? ['security simple_bind=112'] : []),
    `password-hash ${options.passwordHash ?? '{SSHA}'}`,
    // Root on the socket is the administrator: no password needed to fill the directory.
    `authz-regexp "^gidNumber=0[+]uidNumber=0,cn=peercred,cn=external,cn=auth$" "${server.adminDn}"`,
    'database mdb',
    `suffix "${suffix}"`,
    `rootdn "${server.adminDn}"`,
    `rootpw ${server.adminPassword}`,
    `directory ${directory}/db`,
    `maxsize ${options.maximumSize ?? 1024 ** 3}`,
    ...(options.noSync === true ? ['dbnosync'] : []),
    'index objectClass,entryCSN,entryUUID,uid,mail,employeeNumber eq',
    `limits dn.exact="${serviceDn}" size=unlimited time=unlimited`,
    `access to attrs=userPassword by dn.exact="${serviceDn}" write by self write by anonymous auth by * none`,
    `access to attrs=pwdAccountLockedTime,pwdReset by dn.exact="${serviceDn}" write by * read`,
    // The sock overlay asks for write on the entry itself, else it refuses the set with 50.
    `access to attrs=entry by dn.exact="${serviceDn}" write by self write by users read`,
    'access to * by users read',
    'overlay syncprov',
    'syncprov-checkpoint 100 10',
    'syncprov-sessionlog 10000',
    'overlay ppolicy',
    `ppolicy_default "cn=default,ou=policies,${suffix}"`,
    'ppolicy_hash_cleartext',
    'ppolicy_use_lockout',
    ...(options.databaseLines ?? []),
  ];
  writeFileSync(join(directory, 'slapd.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
}

function baseEntries(server: OpenLdap, options: OpenLdapOptions): string {
  const unit = (name: string) => `dn: ou=${name},${suffix}\nobjectClass: organizationalUnit\nou: ${name}\n\n`;
  const maximumFailures = options.maximumFailures ?? 5;
  return `dn: ${suffix}
objectClass: dcObject
objectClass: organization
dc: ldap
o: Lab

${['people', 'services', 'policies'].map(unit).join('')}dn: cn=default,ou=policies,${suffix}
objectClass: device
objectClass: pwdPolicy
cn: default
pwdAttribute: userPassword
pwdCheckQuality: 2
pwdMinLength: ${options.minimumLength ?? 8}
pwdInHistory: ${options.history ?? 3}
pwdLockout: ${maximumFailures > 0 ? 'TRUE' : 'FALSE'}
pwdMaxFailure: ${maximumFailures}

dn: ${server.serviceDn}
objectClass: account
objectClass: simpleSecurityObject
uid: svc-carillon
userPassword: ${server.servicePassword}
`;
}

function startSlapd(server: OpenLdap): Promise<ServerProcess> {
  const socket = join(server.directory, 'ldapi');
  const urls = `ldap://127.0.0.1:${server.port} ldaps://127.0.0.1:${server.tlsPort} ${server.ldapiUrl}`;
  return startServerProcess({
    name: 'OpenLDAP',
    // -d keeps slapd in the foreground; level none logs only what is always logged.
    command: ['slapd', '-f', join(server.directory, 'slapd.conf'), '-h', urls, '-d', 'none'],
    logFile: server.logFile,
    isReady: async () =>
      (await acceptsConnections({ port: server.tlsPort, host: '127.0.0.1' })) &&
      acceptsConnections({ path: socket }),
  });
}

/** Boots an OpenLDAP server with a password policy, on free ports. */
export async function startOpenLdap(options: OpenLdapOptions): Promise<RunningOpenLdap> {
  const { directory } = options;
  mkdirSync(join(directory, 'db'), { recursive: true });
  const server = await describeServer(directory);
  await makeServerCertificate(join(directory, 'tls'), [server.host, 'localhost']);
  writeSlapdConf(server, options);
  const controls = await controlServer(() => startSlapd(server));
  await applyLdif(server.ldapiUrl, `${baseEntries(server, options)}\n${options.entries ?? ''}`);
  return { ...server, ...controls };
}
