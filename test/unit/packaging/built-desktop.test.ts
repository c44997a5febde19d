import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';

import { createBuilder } from 'vite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { carillonContract } from '#shared/contract/carillon-contract.ts';
import { connect } from '#shared/rpc/connect.ts';
import { MessagePortLink } from '#shared/rpc/message-port.ts';
import { createElectronRecord, createFakeElectron } from '#test/fake-electron.ts';
import type { FakePort } from '#test/fake-port.ts';

import { buildPage } from '../../../scripts/build-page.ts';

const root = join(import.meta.dirname, '../../..');
/** What `npm run build` writes, away from the source tree. */
const out = mkdtempSync(join(tmpdir(), 'carillon-desktop-'));
const record = createElectronRecord();
vi.mock('electron', () =>
  createFakeElectron(record, {
    userData: out,
    env: { CARILLON_DATA: join(out, 'data'), PATH: process.env['PATH'] },
  }),
);

beforeAll(async () => {
  const builder = await createBuilder({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    environments: {
      main: { build: { outDir: join(out, 'main') } },
      preload: { build: { outDir: join(out, 'preload') } },
    },
  });
  const { main, preload } = builder.environments;
  if (main === undefined || preload === undefined) throw new Error('vite.config.ts has no programs');
  await builder.build(main);
  await builder.build(preload);
  symlinkSync(await buildPage(), join(out, 'renderer'));
  await import(join(out, 'main/index.js'));
}, 300_000);

afterAll(() => {
  for (const child of record.children) child.kill();
  rmSync(out, { recursive: true, force: true });
});

function firstContents() {
  const [window] = record.windows;
  if (window === undefined) throw new Error('No window');
  return window.webContents;
}

test('the built shell serves the built page, with its policy and the right types', async () => {
  const get = (path: string) => record.page?.(new Request(`app://console${path}`));
  const page = await get('/index.html');
  expect(page?.status).toBe(200);
  expect(page?.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  const html = (await page?.text()) ?? '';
  const scripts = [...html.matchAll(/src="\.(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? '');
  expect(scripts.length).toBeGreaterThan(0);
  for (const path of scripts)
    expect((await get(path))?.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8');
  expect((await get('/..%2f..%2fpackage.json'))?.status).toBe(404);
});

test('the built preload gives the page its bridge by name and nothing else', async () => {
  const exposed: Record<string, Record<string, (...given: unknown[]) => unknown>> = {};
  const sent: unknown[] = [];
  const fake = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: (typeof exposed)[string]) => (exposed[name] = api),
    },
    ipcRenderer: {
      on: () => undefined,
      send: (...message: readonly unknown[]) => sent.push(message),
      invoke: async (...message: readonly unknown[]) => sent.push(message),
    },
  };
  const code = readFileSync(join(out, 'preload/index.cjs'), 'utf8');
  runInNewContext(code, {
    require: (name: string) => {
      if (name !== 'electron') throw new Error(`A sandboxed preload has no ${name}`);
      return fake;
    },
    exports: {},
    module: { exports: {} },
  });
  expect(Object.keys(exposed)).toEqual(['consoleHost']);
  exposed['consoleHost']?.['requestPort']?.(1, '{"kind":"here"}');
  await exposed['consoleHost']?.['openFile']?.();
  expect(sent).toEqual([['console:port', 1, '{"kind":"here"}'], ['console:open-file']]);
});

test('a page of the built shell reaches the engine that runs in its own process', async () => {
  const { promise, resolve } = Promise.withResolvers<FakePort>();
  const frame = {
    origin: 'app://console',
    parent: null,
    postMessage: (_name: string, _data: unknown, [port]: readonly FakePort[]) => port && resolve(port),
  };
  firstContents().ipc.emit('console:port', { senderFrame: frame }, 1, '{"kind":"here"}');
  const port = await promise;
  const link = new MessagePortLink(port);
  port.on('message', ({ data }) => link.take(data));
  port.on('close', () => link.gone('The engine is gone'));
  port.start();
  const client = connect(carillonContract, link);
  const status = await client.call('system.status', {});
  expect(status).toMatchObject({ mode: 'service', dataDirectory: join(out, 'data') });
  expect(status.pid).toBe(record.children[0]?.pid);
  client.close();
}, 120_000);

test('quitting stops the engine in order', async () => {
  record.app.emit('will-quit', { preventDefault: () => undefined });
  await vi.waitFor(() => expect(record.calls).toContain('quit'), { timeout: 10_000 });
  expect(record.children[0]?.pid).toBeUndefined();
});
