import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { type Browser, chromium, type Page } from 'playwright-core';

import { servePage } from '#host/console/page-server.ts';
import { carillonContract } from '#shared/contract/carillon-contract.ts';
import { serve } from '#shared/rpc/serve.ts';
import { Topics } from '#shared/rpc/topics.ts';

import { buildPage } from '../../scripts/build-page.ts';
import { consoleScene, traceOf, trackingIdOf } from '../helpers/console-scene.ts';

const listRows = 100_000;
const rounds = 7;
const changesPerSecond = 200;
const liveSeconds = 8;
const scrollMilliseconds = 5000;

const folder = await buildPage();
const topics = new Topics(carillonContract);
const handlers = consoleScene(listRows);

interface OpenPage {
  readonly page: Page;
  /** Processor time of the page's main thread so far, milliseconds. */
  cost(): Promise<number>;
  close(): Promise<void>;
}

/** Opens the console in a fresh profile; `script` runs in the page before its own code. */
async function open(browser: Browser, script?: string): Promise<OpenPage> {
  const server = await servePage({
    folder,
    ways: {
      here: (port) =>
        serve({
          contract: carillonContract,
          handlers,
          topics,
          port,
          access: 'administer',
          caller: 'bench',
          report: (error) => console.error(error),
        }),
    },
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  if (script !== undefined) await page.addInitScript(script);
  await page.goto(server.address);
  await page.getByText(/^Connected to/).waitFor();
  return {
    page,
    cost: async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
    },
    close: async () => {
      await context.close();
      await server.close();
    },
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
}

/** What the first screen loads. */
function pageSize(): number {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const files = new Set([...html.matchAll(/assets\/[^"]+/g)].map(([file]) => file));
  const bytes = [...files].map((file) => gzipSync(readFileSync(join(folder, file))).length);
  return Math.round((gzipSync(html).length + bytes.reduce((sum, size) => sum + size, 0)) / 102.4) / 10;
}

/** Until the tree is drawn, and what of it the page's main thread computed: the second hardly depends on the load. */
async function firstTree(browser: Browser): Promise<{ readonly ms: number; readonly cpuMs: number }> {
  const times: number[] = [];
  const costs: number[] = [];
  const script = `new MutationObserver((_, observer) => {
    if (document.querySelector('[role=treeitem]') === null) return;
    observer.disconnect();
    requestAnimationFrame(() => { window.firstTree = performance.now(); });
  }).observe(document, { childList: true, subtree: true });`;
  for (let round = 0; round < rounds; round += 1) {
    const { page, cost, close } = await open(browser, script);
    await page.waitForFunction('window.firstTree !== undefined');
    times.push(Number(await page.evaluate('window.firstTree')));
    costs.push(await cost());
    await close();
  }
  return { ms: percentile(times, 0.5), cpuMs: percentile(costs, 0.5) };
}

async function goTo(page: Page, node: string): Promise<void> {
  await page.getByRole('treeitem', { name: 'Password Synchronization' }).click();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('treeitem', { name: node }).waitFor();
}

async function longList(browser: Browser) {
  const { page, close } = await open(browser);
  await goTo(page, 'Events');
  const ms = await page.evaluate(`new Promise((resolve) => {
    const started = performance.now();
    new MutationObserver((_, observer) => {
      const grid = document.querySelector('[role=grid]');
      if (grid?.getAttribute('aria-rowcount') !== '${listRows + 1}') return;
      if (grid.querySelector('[data-row]') === null) return;
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - started));
    }).observe(document, { childList: true, subtree: true, attributes: true });
    [...document.querySelectorAll('[role=treeitem]')].find((item) => item.ariaLabel === 'Events').click();
  })`);
  const slowFrames = await page.evaluate(`new Promise((resolve) => {
    const grid = document.querySelector('[role=grid]');
    const started = performance.now();
    let last = started;
    let slow = 0;
    const step = (now) => {
      if (now - last > 32) slow += 1;
      last = now;
      grid.scrollTop += 120;
      if (now - started > ${scrollMilliseconds}) resolve(slow);
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await close();
  return {
    ms: Math.round(Number(ms)),
    slowFrames: Number(slowFrames),
    heapMb: Math.round(usedSize / 1_048_576),
  };
}

async function live(browser: Browser) {
  const { page, close } = await open(browser);
  await goTo(page, 'Live');
  await page.getByRole('treeitem', { name: 'Live' }).click();
  await page.getByText('No password change has arrived').waitFor();
  await page.evaluate(`window.seen = {};
  new MutationObserver(() => {
    const now = performance.timeOrigin + performance.now();
    for (const row of document.querySelectorAll('[data-row]')) {
      const name = row.firstElementChild.textContent;
      window.seen[name] ??= now;
    }
  }).observe(document, { childList: true, subtree: true, characterData: true });`);
  const emitted = new Map<string, number>();
  const count = changesPerSecond * liveSeconds;
  const started = performance.now();
  for (let index = 1; index <= count; index += 1) {
    const due = started + (index * 1000) / changesPerSecond;
    const pause = due - performance.now();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    emitted.set(traceOf(index).account, performance.timeOrigin + performance.now());
    topics.emit('changes.changed', { trackingId: trackingIdOf(index) });
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const seen = (await page.evaluate('window.seen')) as Readonly<Record<string, number>>;
  await close();
  const delays = [...emitted].flatMap(([name, at]) => (seen[name] === undefined ? [] : [seen[name] - at]));
  return { p50Ms: percentile(delays, 0.5), p99Ms: percentile(delays, 0.99), seen: delays.length, of: count };
}

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
const result = {
  page: { gzipKb: pageSize() },
  firstTree: await firstTree(browser),
  list100k: await longList(browser),
  live: await live(browser),
};
await browser.close();
console.log(JSON.stringify(result));
