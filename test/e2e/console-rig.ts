import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { findPage } from '#host/console/find-page.ts';
import { type PageServer, servePage } from '#host/console/page-server.ts';
import { dataFiles } from '#host/data-files.ts';
import { type Host, startHost } from '#host/start-host.ts';
import { createStoreServices } from '#host/store-services.ts';
import { type CarillonContract, carillonContract } from '#shared/contract/carillon-contract.ts';
import type { Access } from '#shared/rpc/access.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import type { Port } from '#shared/rpc/port.ts';
import { createPortPair } from '#shared/rpc/port-pair.ts';
import { openDatabase } from '#store/database.ts';
import { storeMigrations } from '#store/migrations.ts';

import { consoleConfiguration } from './console-configuration.ts';
import { seedSingleSignOn } from './seed-single-sign-on.ts';

const seededEvents = 300;

interface OpenOptions extends BrowserContextOptions {
  /** Runs in the page before its own code. */
  readonly script?: string;
  /** Prepares the page before it is loaded. */
  ready?(page: Page): Promise<void>;
}

/** A real host on a data directory of its own, the built page in front of it, and Chromium. */
export class ConsoleRig {
  readonly directory = mkdtempSync(join(tmpdir(), 'carillon-console-'));
  readonly mistakes: string[] = [];
  /** What pages that are opened from now on may do. */
  access: Access = 'administer';
  /** What the program that opened the console offers. */
  desk: ((port: Port) => void) | undefined;
  #host: Host | undefined;
  /** Whether pages are turned away. */
  #isAway = false;
  #browser: Browser | undefined;
  readonly #servers: PageServer[] = [];
  readonly #ports = new Set<Port>();

  get configurationFile(): string {
    return dataFiles(this.directory).configuration;
  }

  get host(): Host {
    if (this.#host === undefined) throw new Error('The host is not started');
    return this.#host;
  }

  /** Asks the host beside the console. */
  connect(): Client<CarillonContract> {
    const [near, far] = createPortPair();
    this.host.attach(far, 'administer', 'test');
    return connect(carillonContract, near);
  }

  /** The configuration as it is on disk. */
  readConfiguration() {
    return JSON.parse(readFileSync(this.configurationFile, 'utf8'));
  }

  /** Starts on agents and events, or as somebody finds it who has just installed it. */
  async start(state: 'used' | 'new' = 'used'): Promise<void> {
    const configuration = state === 'used' ? consoleConfiguration() : { version: 1 };
    writeFileSync(
      this.configurationFile,
      JSON.stringify({ ...configuration, logFile: { path: join(this.directory, 'log') } }, null, 2),
    );
    if (state === 'used') await this.#seed();
    this.#host = await startHost({ dataDirectory: this.directory });
    this.#browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
  }

  /** Opens the console in a fresh browser profile and waits for its tree. */
  async open({ script, ready, ...options }: OpenOptions = {}): Promise<Page> {
    if (this.#browser === undefined) throw new Error('The rig is not started');
    const server = await servePage({
      folder: findPage(),
      ways: {
        here: (port) => {
          if (this.#isAway) return port.close('Cut by the test');
          this.host.attach(port, this.access, 'console');
          this.#ports.add(port);
          port.closed(() => this.#ports.delete(port));
        },
        desk: (port) => (this.desk === undefined ? port.close('No desk') : this.desk(port)),
      },
    });
    this.#servers.push(server);
    const context = await this.#browser.newContext({ viewport: { width: 1180, height: 720 }, ...options });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.mistakes.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.mistakes.push(message.text());
    });
    await ready?.(page);
    if (script !== undefined) await page.addInitScript(script);
    await page.goto(server.address);
    await page.getByRole('treeitem', { name: 'Carillon' }).waitFor();
    await page.getByText(/^Connected to/).waitFor();
    return page;
  }

  /** Names a server of single sign-on with its service account. */
  addServer(): void {
    const servers = [{ name: 'INTSVR1.fabrikam.com', serviceAccount: 'FABRIKAM\\ssosvcact' }];
    this.host.configuration.edit(['singleSignOn', 'servers'], servers);
  }

  /** Cuts every page off until `mend`: what it shows meanwhile would be gone before a test has looked. */
  cut(): void {
    this.#isAway = true;
    for (const port of this.#ports) port.close('Cut by the test');
  }

  /** Lets the pages connect again, which they do by themselves. */
  mend(): void {
    this.#isAway = false;
  }

  /** Stops the host and starts it anew on the same data; ends when the pages have found it again. */
  async restart(): Promise<void> {
    const before = this.host;
    const pages = this.#ports.size;
    // A page that is still attached would go on talking to the one that has stopped.
    this.#host = undefined;
    this.cut();
    await before.stop();
    this.#host = await startHost({ dataDirectory: this.directory });
    this.mend();
    await vi.waitFor(() => expect(this.#ports.size).toBe(pages), { timeout: 30_000 });
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    for (const server of this.#servers) await server.close();
    await this.#host?.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #seed(): Promise<void> {
    const database = openDatabase(dataFiles(this.directory).database, storeMigrations);
    const { events } = createStoreServices(database);
    const numbers = [6902, 6905, 6923, 6927, 6908];
    // Of today: what is older than the log keeps goes when the host is a minute old.
    const first = Date.now() - seededEvents * 1000;
    await Promise.all(
      Array.from({ length: seededEvents }, (_, index) =>
        events.append({
          at: first + index * 1000,
          number: numbers[index % numbers.length] ?? 6902,
          source: 'FIMSynchronizationService',
          severity: index % 3 === 0 ? 'error' : 'information',
          message: `Seeded event ${index + 1}`,
          account: index % 2 === 0 ? 'FABRIKAM\\alice' : 'FABRIKAM\\bob',
        }),
      ),
    );
    await seedSingleSignOn(database);
    await database.close();
  }
}

/** Selects a node by its labels from the root down. */
export async function goTo(page: Page, ...labels: readonly string[]): Promise<void> {
  const items = labels.map((label) => page.getByRole('treeitem', { name: new RegExp(`^${label}(,|$)`) }));
  for (const [index, item] of items.entries()) {
    await item.click();
    const next = items[index + 1];
    // What a node holds may still be on its way from the service.
    if (next !== undefined)
      await vi.waitFor(
        async () => {
          if ((await item.getAttribute('aria-expanded')) === 'false') await item.press('ArrowRight');
          expect(await next.isVisible()).toBe(true);
        },
        { timeout: 15_000, interval: 50 },
      );
  }
}

/** Opens the whole tree from its root, whose seeded nodes come when the service has told of them. */
export async function openTree(page: Page): Promise<void> {
  await page.getByRole('treeitem', { name: 'Carillon' }).focus();
  await vi.waitFor(
    async () => {
      await page.keyboard.press('NumpadMultiply');
      expect(await page.getByRole('treeitem', { name: /^Ledger/ }).isVisible()).toBe(true);
    },
    { timeout: 15_000, interval: 50 },
  );
}
