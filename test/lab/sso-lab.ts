import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { dialControl } from '#host/control/dial-control.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import { carillonContract } from '#shared/contract/carillon-contract.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';

import { carillonProgram, runCarillon } from './carillon-command.ts';
import { type Fabrikam, startFabrikam } from './fabrikam.ts';
import { addServiceAccount, exportKeytab } from './kerberos-realm.ts';
import type { Lab } from './lab.ts';
import { startMariadb } from './mariadb-server.ts';
import { type RunningOpenLdap, startOpenLdap } from './openldap-server.ts';
import { initialPassword, openLdapEntries, type Person } from './people.ts';
import { findFreePort } from './port.ts';
import { startPostgresql } from './postgresql-server.ts';
import { runSambaTool } from './samba-domain.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import type { RunningSqlServer } from './sql-server.ts';

export const ssoHost = 'intsvr1.fabrikam.lab';
const spn = `ENTSSO/${ssoHost}`;
/** The account that the single sign-on server runs as. */
export const serviceAccount = 'ssosvcact';
export const servicePassword = 'Lab-Sso-1!';

/** Adapters of the lab, each with the application that is assigned to it. */
export const ssoAdapters = {
  openldap: { adapter: 'DirectoryAdapter', application: 'Directory' },
  postgresql: { adapter: 'PayrollAdapter', application: 'Payroll' },
  mariadb: { adapter: 'ShopAdapter', application: 'Shop' },
  script: { adapter: 'MainframeAdapter', application: 'Mainframe' },
} as const;
export type AdapterKind = keyof typeof ssoAdapters;
/** The application with Direct Password Sync. */
export const directApplication = 'Portal';

/** Single sign-on at work: four external systems, an adapter for each, and the people mapped. */
export interface SsoLab {
  readonly fabrikam: Fabrikam;
  readonly openldap: RunningOpenLdap;
  readonly postgresql: RunningSqlServer;
  readonly mariadb: RunningSqlServer;
  /** File that the script adapter's program writes to: a line for each password, its digest and the account. */
  readonly mainframe: string;
  readonly adapters: Readonly<Record<AdapterKind, ServerProcess>>;
  /** Asks the service one thing. */
  call: Client<CarillonContract>['call'];
  stop(): Promise<void>;
}

export interface SsoLabOptions {
  readonly lab: Lab;
  readonly persons: readonly Person[];
  readonly onProgress: (line: string) => void;
}

/** Asks a service one thing over a connection of its own. */
export function askService(data: string): Client<CarillonContract>['call'] {
  return async (method, input, options) => {
    const port = await dialControl(data);
    try {
      return await connect(carillonContract, port).call(method, input, options);
    } finally {
      port.close('Done');
    }
  };
}

export async function startSsoLab({ lab, persons, onProgress }: SsoLabOptions): Promise<SsoLab> {
  await using starting = new AsyncDisposableStack();
  const { samba, directory } = lab;
  const place = join(directory, 'sso');
  mkdirSync(place);
  const listenPort = await findFreePort(samba.address);
  const keytab = join(place, 'sso.keytab');
  await addServiceAccount(samba, {
    name: serviceAccount,
    password: servicePassword,
    servicePrincipalNames: [spn],
  });
  await exportKeytab(samba, keytab, spn);
  await runSambaTool(samba, ['group', 'add', 'SSO Administrators']);
  await runSambaTool(samba, ['group', 'addmembers', 'SSO Administrators', serviceAccount]);

  onProgress('Starting OpenLDAP with its socket overlay, PostgreSQL and MariaDB');
  const overlaySocket = join(place, 'overlay.sock');
  const [openldap, postgresql, mariadb] = await Promise.all([
    startOpenLdap({
      directory: join(place, 'openldap'),
      entries: openLdapEntries(persons, 'ou=people,dc=ldap,dc=lab'),
      modules: ['back_sock'],
      databaseLines: [
        'overlay sock',
        'extensions binddn peername ssf connid',
        `socketpath ${overlaySocket}`,
        'sockops modify extended',
        'sockresps result',
        // While the server is filled and before its adapter runs nothing listens there.
        'sockdnpat ^uid=.*,ou=people,',
      ],
    }),
    startPostgresql({
      directory: join(place, 'postgresql'),
      sql: persons
        .map((one) => `CREATE ROLE "${one.account}" LOGIN PASSWORD '${initialPassword(one)}';`)
        .join('\n'),
    }),
    startMariadb({
      directory: join(place, 'mariadb'),
      sql: persons
        .map((one) => `CREATE USER '${one.account}'@'%' IDENTIFIED BY '${initialPassword(one)}';`)
        .join('\n'),
    }),
  ]);

  for (const server of [openldap, postgresql, mariadb]) starting.defer(() => server.stop());
  const fabrikam = await startFabrikam({
    lab,
    onProgress,
    configure: {
      singleSignOn: {
        system: {
          enabled: true,
          administrators: [`${samba.netbios}\\SSO Administrators`],
          passwordSync: {
            fromWindowsToAdapters: true,
            fromAdaptersToDatabase: true,
            fromAdaptersToWindows: true,
          },
        },
        listen: { host: samba.address, port: listenPort, spn, keytab },
        servers: [
          {
            name: ssoHost,
            serviceAccount: `${samba.netbios}\\${serviceAccount}`,
            allowPasswordSyncFromPcns: true,
            positiveAuditLevel: 'high',
          },
        ],
      },
    },
  });
  starting.defer(() => fabrikam.stop());
  const { data, env } = fabrikam;
  const call = askService(data);
  onProgress('Defining applications, adapters and mappings');
  await define(call, samba.netbios, persons, place);
  const { listener, socket } = await call('adapters.state', {});
  await runCarillon(
    [
      'pcnscfg',
      'addtarget',
      '/N:ENTSSO',
      `/A:${ssoHost}:${listener.port ?? 0}`,
      `/S:${spn}`,
      `/FI:${samba.netbios}\\Domain Users`,
      '/F:3',
      '/I:1',
      `/K:${listener.fingerprint ?? ''}`,
      `/Server:${samba.host}`,
      `/User:${samba.adminUser}@${samba.realm.toLowerCase()}`,
      '/Password:*',
      `/CaFile:${samba.caFile}`,
    ],
    { input: `${samba.adminPassword}\n`, env },
  );

  onProgress('Starting the adapters');
  const mainframe = join(place, 'mainframe');
  writeMainframe(place, mainframe);
  const common = { socket };
  const settings: Record<AdapterKind, object> = {
    openldap: {
      kind: 'openldap',
      connection: {
        url: openldap.ldapsUrl,
        caFile: openldap.caFile,
        authentication: { method: 'simple', user: openldap.serviceDn },
      },
      passwordFile: writeSecret(place, 'openldap', openldap.servicePassword),
      baseDn: openldap.peopleDn,
      overlaySocket,
    },
    postgresql: sqlSettings('postgresql', postgresql, place),
    mariadb: sqlSettings('mariadb', mariadb, place),
    script: { kind: 'script', command: join(place, 'set-mainframe-password') },
  };
  const started = {} as Record<AdapterKind, ServerProcess>;
  for (const [kind, own] of Object.entries(settings) as [AdapterKind, object][]) {
    const { adapter } = ssoAdapters[kind];
    const file = join(place, `${kind}.json`);
    writeFileSync(file, JSON.stringify({ ...own, ...common, adapter }), { mode: 0o600 });
    const running = await startServerProcess({
      name: `${kind} adapter`,
      command: [...carillonProgram, 'adapter', 'run', file],
      env,
      logFile: join(place, `${kind}.log`),
      isReady: async () => {
        const { adapters } = await call('adapters.state', {});
        return adapters.some(({ name, online }) => name === adapter && online);
      },
    });
    starting.defer(() => running.stop());
    started[kind] = running;
  }
  const running = starting.move();
  return {
    fabrikam,
    openldap,
    postgresql,
    mariadb,
    mainframe,
    adapters: started,
    call,
    stop: () => running.disposeAsync(),
  };
}

/** Everything that an administrator defines once. */
async function define(
  call: SsoLab['call'],
  domain: string,
  persons: readonly Person[],
  place: string,
): Promise<void> {
  const password = Buffer.from('Backup-1!').toString('base64');
  await call('sso.generateSecret', { file: join(place, 'master-secret.backup'), password });
  const names = [...Object.values(ssoAdapters).map(({ application }) => application), directApplication];
  const users = persons.map(({ account }) => `${domain}\\${account}`);
  const administrators = [`${domain}\\SSO Administrators`];
  await call('sso.createApplications', {
    applications: names.map((name) => ({ name, users, administrators })),
  });
  await call('sso.createAdapters', {
    adapters: Object.values(ssoAdapters).map(({ adapter }) => ({
      name: adapter,
      computer: ssoHost,
      users: administrators,
      administrators,
    })),
  });
  for (const { adapter, application } of Object.values(ssoAdapters)) {
    await call('sso.assignApplication', { application, adapter });
    const isDirectory = adapter === ssoAdapters.openldap.adapter;
    const changes = {
      sendChanges: true,
      // The directory's overlay does not see the old password of a simple modification.
      ...(isDirectory ? { receiveChanges: true, verifyOldPassword: false, changeWindowsPassword: true } : {}),
      enabled: true,
    };
    await call('sso.updateAdapters', { updates: [{ name: adapter, changes }] });
  }
  await call('sso.updateApplications', {
    updates: names.map((name) => ({
      name,
      changes: { enabled: true, ...(name === directApplication ? { directPasswordSync: true } : {}) },
    })),
  });
  await call('sso.createMappings', {
    mappings: names.flatMap((application) =>
      persons.map(({ account }) => ({
        application,
        windowsAccount: `${domain}\\${account}`,
        externalUser: account,
      })),
    ),
    enable: true,
  });
}

function sqlSettings(kind: 'postgresql' | 'mariadb', server: RunningSqlServer, place: string): object {
  const { host, port, serviceUser, servicePassword, database, caFile } = server;
  const passwordFile = writeSecret(place, kind, servicePassword);
  return { kind, host, port, database, user: serviceUser, caFile, passwordFile };
}

function writeSecret(place: string, name: string, secret: string): string {
  const file = join(place, `${name}.password`);
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return file;
}

/** Stands for a system that only a program can reach. */
function writeMainframe(place: string, file: string): void {
  const script = `#!/bin/sh
IFS= read -r new
printf '%s %s\\n' "$(printf %s "$new" | sha256sum | cut -d ' ' -f 1)" "$CARILLON_ACCOUNT" >> ${file}
`;
  writeFileSync(file, '', { mode: 0o600 });
  writeFileSync(join(place, 'set-mainframe-password'), script, { mode: 0o700 });
}
