import { join } from 'node:path';

import { type Browser, chromium, type Page } from 'playwright-core';

import { findPage } from '#host/console/find-page.ts';
import { type PageServer, servePage } from '#host/console/page-server.ts';
import { dialControl } from '#host/control/dial-control.ts';
import { type Fabrikam, startFabrikam } from '#lab/fabrikam.ts';
import { agentNames, fullProfile } from '#lab/fabrikam-configuration.ts';
import { addServiceAccount, exportKeytab, runKinit } from '#lab/kerberos-realm.ts';
import { type Northwind, startNorthwind } from '#lab/northwind.ts';
import { people } from '#lab/people.ts';
import { findFreePort } from '#lab/port.ts';
import { readStoredPasswords } from '#lab/read-stored-password.ts';
import { type CarillonContract, carillonContract } from '#shared/contract/carillon-contract.ts';
import type { ValueChange } from '#shared/contract/configuration.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import { joinPorts } from '#shared/rpc/join-ports.ts';

/** The management agents as the set-up guides call them. */
export const guideNames = { source: 'ADMA', first: 'ENTSSOMA', second: 'ENTSSOMA2' } as const;

/** The server that the guides configure, and the account that it runs as. */
export const guideServer = 'INTSVR1.fabrikam.com';
export const guideAccount = { name: 'fabrikam\\ssosvcact', password: 'ssosvcact' } as const;
/** The application of single sign-on that takes passwords over directly. */
export const guideApplication = 'Portal';

const ids = {
  first: 'd1000000-0000-4000-8000-000000000001',
  second: 'd1000000-0000-4000-8000-000000000002',
} as const;

/** The product in a lab of real directories, as it stands before anybody has followed the guides, and a browser. */
export class LabRig {
  readonly mistakes: string[] = [];
  #lab: Northwind | undefined;
  #fabrikam: Fabrikam | undefined;
  #client: Client<CarillonContract> | undefined;
  #browser: Browser | undefined;
  #server: PageServer | undefined;
  #adma = '';
  #listen = { host: '', port: 0, spn: `ENTSSO/${guideServer}`, keytab: '' };
  #remote: { readonly port: number } & Readonly<Record<string, unknown>> = { port: 0 };

  get lab(): Northwind {
    if (this.#lab === undefined) throw new Error('The lab is not started');
    return this.#lab;
  }

  get fabrikam(): Fabrikam {
    if (this.#fabrikam === undefined) throw new Error('The lab is not started');
    return this.#fabrikam;
  }

  /** The settings of remote access. */
  get remote() {
    return this.#remote;
  }

  /** Signs this process in to the domain as its administrator, with no known servers. */
  async signIn(): Promise<void> {
    const { samba, directory } = this.lab;
    const tickets = `FILE:${join(directory, 'console-tickets')}`;
    Object.assign(process.env, {
      KRB5_CONFIG: samba.krb5Config,
      KRB5CCNAME: tickets,
      XDG_CONFIG_HOME: join(directory, 'console-settings'),
    });
    const { code, stderr } = await runKinit(samba, samba.adminUser, samba.adminPassword, tickets);
    if (code !== 0) throw new Error(stderr);
  }

  /** Asks the service beside the console. */
  get client(): Client<CarillonContract> {
    if (this.#client === undefined) throw new Error('The lab is not started');
    return this.#client;
  }

  async start(): Promise<void> {
    [this.#lab, this.#browser] = await Promise.all([
      startNorthwind('console', { realm: 'FABRIKAM.COM', complexity: false }),
      chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
      }),
    ]);
    const { samba, directory } = this.#lab;
    const [port, keytab] = [await findFreePort(samba.address), join(directory, 'remote.keytab')];
    const spn = `CARILLON/${samba.host}`;
    await addServiceAccount(samba, {
      name: 'svc-remote',
      password: 'Lab-Remote-1!',
      servicePrincipalNames: [spn],
    });
    await exportKeytab(samba, keytab, spn);
    this.#remote = {
      host: samba.address,
      port,
      spn,
      keytab,
      administrators: [`${samba.netbios}\\Domain Admins`],
    };
    await addServiceAccount(samba, {
      name: 'ssosvcact',
      password: guideAccount.password,
      servicePrincipalNames: [this.#listen.spn],
    });
    // The guides' password is in; from here on Samba asks its hooks, which it does for complex passwords only.
    await samba.tool(['domain', 'passwordsettings', 'set', '--complexity=on']);
    this.#listen = {
      ...this.#listen,
      host: samba.address,
      port: await findFreePort(samba.address),
      keytab: join(directory, 'sso.keytab'),
    };
    await exportKeytab(samba, this.#listen.keytab, this.#listen.spn);
    this.#fabrikam = await startFabrikam({
      lab: this.#lab,
      configure: { remote: this.#remote, singleSignOn: this.#singleSignOn() },
      onProgress: () => undefined,
    });
    await this.#dial();
    await this.#mapPeople();
  }

  /** Undoes whatever the guides set up: nothing is synchronized, and single sign-on is told to take nothing. */
  async forget(): Promise<void> {
    const nobody = { connectTo: 'nobody', user: 'fabrikam\\nobody' };
    const [adma, openldap, ds389] = await this.#directories();
    const [partition] = adma.partitions;
    if (partition === undefined) throw new Error('ADMA has no partition');
    const passwordSource = {
      enabled: false,
      domain: this.lab.samba.netbios,
      targets: [ds389.id, ids.first],
    };
    await this.#configure([
      { path: ['passwordSync', 'enabled'], value: false },
      { path: ['singleSignOn'], value: this.#singleSignOn() },
      {
        path: ['agents'],
        value: plain([
          { ...adma, partitions: [{ ...partition, passwordSource }] },
          openldap,
          ds389,
          this.#ssoAgent('first', nobody, openldap.id, false),
          this.#ssoAgent('second', nobody, openldap.id, false),
        ]),
      },
    ]);
    for (const agent of Object.values(ids)) await this.client.call('credentials.remove', { agent });
  }

  /** Opens the console in a fresh browser profile and waits for its tree. */
  async open(): Promise<Page> {
    if (this.#browser === undefined) throw new Error('The lab is not started');
    await this.#server?.close();
    this.#server = await servePage({
      folder: findPage(),
      ways: { here: async (port) => joinPorts(port, await dialControl(this.fabrikam.data)) },
    });
    const context = await this.#browser.newContext({ viewport: { width: 1180, height: 720 } });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.mistakes.push(error.message));
    await page.goto(this.#server.address);
    await page.getByText(/^Connected to/).waitFor();
    return page;
  }

  /** Ends the service and starts it anew on the same data; pages find it again. */
  async restartEngine(): Promise<void> {
    await this.fabrikam.engine.stop();
    await this.fabrikam.startEngine();
    await this.#dial();
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.close();
    await this.#fabrikam?.stop();
    await this.#lab?.stop();
  }

  /** What the credential database holds for a person; the service is stopped meanwhile. */
  async readExternalPassword(externalUser: string): Promise<string | undefined> {
    await this.fabrikam.engine.stop();
    const stored = await readStoredPasswords(this.fabrikam.data);
    await this.fabrikam.startEngine();
    await this.#dial();
    return stored.find((row) => row.application === guideApplication && row.externalUser === externalUser)
      ?.password;
  }

  /** Single sign-on before the guides: the server is there and takes nothing from anybody. */
  #singleSignOn() {
    return {
      system: { enabled: true, administrators: [guideAccount.name] },
      listen: this.#listen,
      // Every step of single sign-on is told.
      servers: [{ name: guideServer, serviceAccount: guideAccount.name, positiveAuditLevel: 'high' }],
    };
  }

  #ssoAgent(which: 'first' | 'second', connection: object, source: string, enabled: boolean) {
    return {
      id: ids[which],
      name: guideNames[which],
      kind: 'entsso',
      connection,
      password: { enabled, retryInterval: 1 },
      runProfiles: [{ name: 'Export', steps: [{ type: 'export' }] }],
      mappings: {
        windowsAgent: this.#adma,
        sources: [{ agent: source, objectType: 'inetOrgPerson' }],
        applications: [{ name: guideApplication, source }],
      },
    };
  }

  /** The application with Direct Password Sync, and its users' mappings, made by both agents as ENTSSO.xml says. */
  async #mapPeople(): Promise<void> {
    const { samba, directory } = this.lab;
    const password = Buffer.from('Backup-1!').toString('base64');
    const backup = join(directory, 'master-secret.backup');
    await this.client.call('sso.generateSecret', { file: backup, password });
    const users = people.slice(40, 48).map(({ account }) => `${samba.netbios}\\${account}`);
    await this.client.call('sso.createApplications', {
      applications: [{ name: guideApplication, users, administrators: [guideAccount.name] }],
    });
    await this.client.call('sso.updateApplications', {
      updates: [{ name: guideApplication, changes: { enabled: true, directPasswordSync: true } }],
    });
    const connection = { connectTo: guideServer, user: guideAccount.name };
    const [adma, openldap, ds389] = await this.#directories();
    this.#adma = adma.id;
    const agents = (['first', 'second'] as const).map((which) =>
      this.#ssoAgent(which, connection, openldap.id, true),
    );
    await this.#configure([{ path: ['agents'], value: plain([adma, openldap, ds389, ...agents]) }]);
    const secret = Buffer.from(guideAccount.password).toString('base64');
    for (const agent of Object.values(ids)) await this.client.call('credentials.set', { agent, secret });
    for (const [agent, profile] of [
      // Its external user ids, then everybody who has one.
      [agentNames.openldap, fullProfile],
      [guideNames.source, fullProfile],
      [guideNames.first, 'Export'],
      [guideNames.second, 'Export'],
    ] as const) {
      const { result = '', errors } = await this.client.call('agents.run', { agent, profile, wait: true });
      // Who is no Application User has no mapping made.
      if (!/^(success|completed-export-errors)$/.test(result))
        throw new Error(`${agent}: ${result} ${JSON.stringify(errors)}`);
    }
  }

  /** The agents of Active Directory, OpenLDAP and 389, as they stand. */
  async #directories() {
    const { configuration } = await this.client.call('configuration.get', {});
    const [adma, openldap, ds389] = configuration.agents;
    if (adma === undefined || openldap === undefined || ds389 === undefined)
      throw new Error('The lab has too few agents');
    return [adma, openldap, ds389] as const;
  }

  async #configure(changes: ValueChange[]): Promise<void> {
    const { revision } = await this.client.call('configuration.get', {});
    await this.client.call('configuration.set', { changes, revision });
  }

  async #dial(): Promise<void> {
    this.#client = connect(carillonContract, await dialControl(this.fabrikam.data));
  }
}

/** As it goes into a file: without what is undefined. */
function plain(value: unknown): NonNullable<ValueChange['value']> {
  return JSON.parse(JSON.stringify(value));
}
