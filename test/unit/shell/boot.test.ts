import { beforeAll, expect, test, vi } from 'vitest';

import { createFakeElectron, type ElectronRecord } from '#test/fake-electron.ts';

const record: ElectronRecord = { calls: [], windows: [], contents: [], children: [] };
vi.mock('electron', () => createFakeElectron(record));

beforeAll(async () => {
  const { boot } = await import('../../../src/main/shell/boot.ts');
  await boot({ page: '/page', preload: '/preload.cjs', engine: '/service.js' });
});

const asked = (frame: object | null) => {
  const [contents] = record.contents;
  contents?.ipc.emit('console:port', { senderFrame: frame });
};

test('schemes and sandbox are set before Electron is ready, and the page is served by its own protocol', () => {
  expect(record.calls).toEqual(['schemes', 'sandbox', 'ready', 'handle app']);
  expect(record.windows[0]?.address).toBe('app://console/index.html');
});

test('the window is isolated, sandboxed and without Node', () => {
  expect(record.windows[0]?.options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    webviewTag: false,
    devTools: false,
  });
});

test('navigation away, new windows and embedded pages are refused', () => {
  const [contents] = record.contents;
  const prevented = (event: string, url: string): boolean => {
    let stopped = false;
    contents?.emit(event, { url, preventDefault: () => (stopped = true) });
    return stopped;
  };
  expect(prevented('will-frame-navigate', 'https://example.com/')).toBe(true);
  expect(prevented('will-frame-navigate', 'app://console/help/start.html')).toBe(false);
  expect(prevented('will-redirect', 'https://example.com/')).toBe(true);
  expect(prevented('will-attach-webview', '')).toBe(true);
  expect(contents?.openHandler?.()).toEqual({ action: 'deny' });
});

test('permissions are denied', () => {
  const answers: boolean[] = [];
  for (const permission of ['media', 'notifications', 'geolocation'])
    record.permission?.({}, permission, (yes) => answers.push(yes), { requestingUrl: 'app://console/' });
  expect(answers).toEqual([false, false, false]);
});

test('only the top frame of the own page gets a port to the engine', () => {
  const sent: unknown[] = [];
  const frame = (origin: string, parent: object | null) => ({
    origin,
    parent,
    postMessage: (...message: readonly unknown[]) => sent.push(message),
  });
  asked(null);
  asked(frame('https://example.com', null));
  asked(frame('app://console', {}));
  expect(sent).toEqual([]);
  asked(frame('app://console', null));
  expect(sent).toEqual([['console:port', { generation: 1 }, ['page end']]]);
  expect(record.children[0]?.messages).toEqual([{ t: 'attach', window: 1, generation: 1 }]);
});
