import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fillDirectory } from './directory-cache.ts';
import type { LdapServer } from './ldap-server.ts';
import { applyLdif } from './ldif.ts';
import { type BindMounts, inMountNamespace } from './mount-namespace.ts';
import { acceptsConnections, findFreePort } from './port.ts';
import { requireCommand, runCommand } from './run-command.ts';
import { controlServer, type ServerControls } from './server-controls.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

export interface DirectoryServer389Options {
  /** A missing directory; removed with the lab. */
  readonly directory: string;
  /** LDIF of entries that the server starts with, added once and kept with the copy. */
  readonly entries?: string;
}

/** Its service account also reads the change log. */
export type DirectoryServer389 = LdapServer;
export type RunningDirectoryServer389 = DirectoryServer389 & ServerControls;

const suffix = 'dc=ds,dc=lab';
const adminPassword = 'Lab-Admin-1!';

/**
 * The server and its tools know only absolute paths below these, so each run sees folders of its own there:
 * mounted in a mount namespace that ends with the server.
 */
const folders = {
  etc: '/etc/dirsrv',
  lib: '/var/lib/dirsrv',
  log: '/var/log/dirsrv',
  run: '/run/dirsrv',
  lock: '/run/lock/dirsrv',
};

function mountsOf(directory: string): BindMounts {
  const places = Object.entries(folders).map(([name, place]) => [place, join(directory, name)]);
  return {
    ...Object.fromEntries(places),
    '/usr/share/dirsrv/inf/defaults.inf': join(directory, 'defaults.inf'),
  };
}

function describeServer(directory: string, port: number, tlsPort: number): DirectoryServer389 {
  const host = 'ds1.ds.lab';
  return {
    suffix,
    peopleDn: `ou=people,${suffix}`,
    host,
    port,
    tlsPort,
    ldapUrl: `ldap://${host}:${port}`,
    ldapsUrl: `ldaps://${host}:${tlsPort}`,
    ldapiUrl: `ldapi://${encodeURIComponent(join(directory, 'run/slapd-lab.socket'))}`,
    caFile: join(directory, 'etc/slapd-lab/ca.crt'),
    adminDn: 'cn=Directory Manager',
    adminPassword,
    serviceDn: `uid=svc-carillon,ou=services,${suffix}`,
    servicePassword: 'Lab-Service-1!',
    directory,
    logFile: join(directory, 'log/slapd-lab/errors'),
  };
}

function startSlapd(server: DirectoryServer389): Promise<ServerProcess> {
  const socket = join(server.directory, 'run/slapd-lab.socket');
  return startServerProcess({
    name: '389 Directory Server',
    command: ['ns-slapd', '-D', '/etc/dirsrv/slapd-lab', '-i', '/run/dirsrv/slapd-lab.pid', '-d', '0'],
    mounts: mountsOf(server.directory),
    logFile: join(server.directory, 'ns-slapd.log'),
    startTimeout: 120_000,
    isReady: async () =>
      (await acceptsConnections({ port: server.tlsPort, host: '127.0.0.1' })) &&
      acceptsConnections({ path: socket }),
  });
}

const configuration = `dn: cn=config
changetype: modify
replace: passwordCheckSyntax
passwordCheckSyntax: on
-
replace: passwordMinLength
passwordMinLength: 8
-
replace: passwordMinTokenLength
passwordMinTokenLength: 64
-
replace: passwordMinCategories
passwordMinCategories: 1
-
replace: passwordHistory
passwordHistory: on
-
replace: passwordInHistory
passwordInHistory: 3
-
replace: passwordLockout
passwordLockout: on
-
replace: passwordMaxFailure
passwordMaxFailure: 5

dn: cn=Content Synchronization,cn=plugins,cn=config
changetype: modify
replace: nsslapd-pluginEnabled
nsslapd-pluginEnabled: on

dn: cn=Retro Changelog Plugin,cn=plugins,cn=config
changetype: modify
replace: nsslapd-pluginEnabled
nsslapd-pluginEnabled: on
-
add: nsslapd-attribute
nsslapd-attribute: nsuniqueid:targetUniqueId
`;

function baseEntries({ serviceDn, servicePassword }: DirectoryServer389): string {
  const unit = (name: string) =>
    `dn: ou=${name},${suffix}\nchangetype: add\nobjectClass: organizationalUnit\nou: ${name}\n\n`;
  const grant = (what: string, attributes: string, rights: string) =>
    `aci: (targetattr${attributes})(version 3.0; acl "${what}"; allow (${rights}) userdn="ldap:///${serviceDn}";)\n`;
  const lockAttributes =
    'accountUnlockTime || passwordRetryCount || retryCountResetTime || passwordExpirationTime';
  return `${unit('people')}${unit('services')}dn: ${serviceDn}
changetype: add
objectClass: account
objectClass: simpleSecurityObject
uid: svc-carillon
userPassword: ${servicePassword}

dn: ${suffix}
changetype: modify
add: aci
${grant('Read people', '!="userPassword || passwordHistory"', 'read, search, compare')}${grant('Set passwords', `="userPassword || ${lockAttributes}"`, 'write')}
dn: cn=changelog
changetype: modify
add: aci
${grant('Read changes', '="*"', 'read, search, compare')}`;
}

/** Makes an instance and configures it. */
async function createInstance(directory: string, entries: string): Promise<void> {
  for (const name of Object.keys(folders)) mkdirSync(join(directory, name), { mode: 0o755 });
  await requireCommand('cp', ['-a', '/etc/dirsrv/schema', '/etc/dirsrv/config', join(directory, 'etc')]);
  const defaults = readFileSync('/usr/share/dirsrv/inf/defaults.inf', 'utf8')
    // Its tools call systemctl otherwise, also where there is no systemd.
    .replace(/^with_systemd = .*$/m, 'with_systemd = 0')
    .replace(/^ldapi = .*$/m, 'ldapi = /run/dirsrv/slapd-{instance_name}.socket')
    .replace(/^db_home_dir = .*$/m, 'db_home_dir = /var/lib/dirsrv/slapd-{instance_name}/db');
  writeFileSync(join(directory, 'defaults.inf'), defaults);
  const server = describeServer(directory, await findFreePort(), await findFreePort());
  writeFileSync(
    join(directory, 'instance.inf'),
    `[general]
full_machine_name = ${server.host}
strict_host_checking = False
start = False
[slapd]
instance_name = lab
port = ${server.port}
secure_port = ${server.tlsPort}
root_password = ${adminPassword}
self_sign_cert = True
[backend-userroot]
suffix = ${suffix}
create_suffix_entry = True
`,
  );
  const create = ['dscreate', 'from-file', join(directory, 'instance.inf')];
  const [command, ...args] = inMountNamespace(mountsOf(directory), create);
  await requireCommand(command, args, { timeout: 180_000 });
  const first = await startSlapd(server);
  await applyLdif(server.ldapiUrl, configuration);
  await first.stop();
  // The change log exists only once its plug-in has started.
  const second = await startSlapd(server);
  await applyLdif(server.ldapiUrl, baseEntries(server));
  await applyLdif(server.ldapiUrl, entries);
  await second.stop();
}

/** Gives the copy ports of its own. */
function assignPorts({ directory, port, tlsPort }: DirectoryServer389): void {
  const file = join(directory, 'etc/slapd-lab/dse.ldif');
  const text = readFileSync(file, 'utf8')
    .replace(/^nsslapd-port: .*$/m, `nsslapd-port: ${port}`)
    .replace(/^nsslapd-securePort: .*$/im, `nsslapd-securePort: ${tlsPort}`);
  writeFileSync(file, text);
}

/** Boots a 389 Directory Server with a password policy, change log and content synchronization, on free ports. */
export async function start389(options: DirectoryServer389Options): Promise<RunningDirectoryServer389> {
  const version = (await runCommand('ns-slapd', ['-v'])).stderr.trim();
  const entries = options.entries ?? '';
  const fixed = [configuration, baseEntries(describeServer('', 0, 0))];
  const ingredients = [createInstance.toString(), ...fixed, version, entries];
  await fillDirectory(options.directory, ingredients, () => createInstance(options.directory, entries));
  const server = describeServer(options.directory, await findFreePort(), await findFreePort());
  assignPorts(server);
  return { ...server, ...(await controlServer(() => startSlapd(server))) };
}
