import { join } from 'node:path';

import { type Browser, chromium, type Page } from 'playwright-core';

import { findPage } from '#host/console/find-page.ts';
import { type PageServer, servePage } from '#host/console/page-server.ts';
import { dialControl } from '#host/control/dial-control.ts';
import { type Fabrikam, startFabrikam } from '#lab/fabrikam.ts';
import { addServiceAccount, exportKeytab, runKinit } from '#lab/kerberos-realm.ts';
import { type Northwind, startNorthwind } from '#lab/northwind.ts';
import { findFreePort } from '#lab/port.ts';
import { type CarillonContract, carillonContract } from '#shared/contract/carillon-contract.ts';
import type { ValueChange } from '#shared/contract/configuration.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import { joinPorts } from '#shared/rpc/join-ports.ts';

/** The management agents as the set-up guides call them. */
export const guideNames = { source: 'ADMA', first: 'ENTSSOMA', second: 'ENTSSOMA2' } as const;

/** The server that the guides configure. */
export const guideServer = 'INTSVR1.fabrikam.com';

/** The product in a lab of real directories, as it stands before anybody has followed the guides, and a browser. */
export class LabRig {
  readonly mistakes: string[] = [];
  #lab: Northwind | undefined;
  #fabrikam: Fabrikam | undefined;
  #client: Client<CarillonContract> | undefined;
  #browser: Browser | undefined;
  #server: PageServer | undefined;
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
      startNorthwind('console'),
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
    this.#fabrikam = await startFabrikam({
      lab: this.#lab,
      configure: { remote: this.#remote },
      onProgress: () => undefined,
    });
    await this.#dial();
  }

  /** Undoes whatever the guides set up: nothing is synchronized, and the second target cannot be reached. */
  async forget(): Promise<void> {
    const { configuration, revision } = await this.client.call('configuration.get', {});
    const [source, first, second] = configuration.agents;
    if (source === undefined || first === undefined || second === undefined)
      throw new Error('The lab has too few agents');
    const changes: ValueChange[] = [
      { path: ['passwordSync', 'enabled'], value: false },
      { path: ['singleSignOn'], value: { servers: [{ name: guideServer }] } },
      { path: ['agents', 0, 'partitions', 0, 'passwordSource', 'enabled'], value: false },
      { path: ['agents', 0, 'partitions', 0, 'passwordSource', 'targets'], value: [first.id] },
      { path: ['agents', 1, 'name'], value: guideNames.first },
      { path: ['agents', 2, 'name'], value: guideNames.second },
      { path: ['agents', 2, 'password', 'enabled'], value: false },
      { path: ['agents', 2, 'connection', 'url'], value: 'ldaps://nobody.northwind.lab:636' },
      { path: ['agents', 2, 'connection', 'authentication', 'user'], value: 'cn=nobody' },
    ];
    await this.client.call('configuration.set', { changes, revision });
    await this.client.call('credentials.remove', { agent: second.id });
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
    context.setDefaultTimeout(15_000);
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

  async #dial(): Promise<void> {
    this.#client = connect(carillonContract, await dialControl(this.fabrikam.data));
  }
}
