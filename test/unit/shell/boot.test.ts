import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { createElectronRecord, createFakeElectron } from '#test/fake-electron.ts';
import type { FakePort } from '#test/fake-port.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-shell-'));
const engine = join(folder, 'engine.mjs');
const record = createElectronRecord();
vi.mock('electron', () => createFakeElectron(record, { userData: folder }));

beforeAll(async () => {
  // Answers every port with what it was asked for, and ends when it is told to.
  writeFileSync(
    engine,
    `process.parentPort.on('message', ({ data, ports: [port] }) => {
      if (data.t === 'shutdown') process.exit(0);
      port.on('message', ({ data: said }) => port.postMessage([data.destination, said]));
      port.start();
    });`,
  );
  const { boot } = await import('../../../src/main/shell/boot.ts');
  await boot({ page: folder, preload: '/preload.cjs', engine });
});

afterAll(() => {
  for (const child of record.children) child.kill();
  rmSync(folder, { recursive: true, force: true });
});

function first() {
  const [window] = record.windows;
  if (window === undefined) throw new Error('No window');
  return window;
}

interface Sent {
  readonly name: string;
  readonly data: unknown;
  readonly ports: readonly FakePort[];
}

function portOf(sent: Sent | undefined): FakePort {
  const [port] = sent?.ports ?? [];
  if (port === undefined) throw new Error('No port came');
  return port;
}

function pageFrame(origin = 'app://console', parent: object | null = null) {
  const sent: Sent[] = [];
  const postMessage = (name: string, data: unknown, ports: Sent['ports'] = []) =>
    sent.push({ name, data, ports });
  return { sent, frame: { origin, parent, postMessage } };
}

test('schemes and sandbox are set before Electron is ready, and the page is served by its own protocol', () => {
  expect(record.calls.slice(0, 4)).toEqual(['schemes', 'sandbox', 'ready', 'handle app']);
  expect(first().address).toBe('app://console/index.html');
});

test('the window is isolated, sandboxed and without Node', () => {
  expect(first().options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    webviewTag: false,
    devTools: false,
  });
});

test('navigation away, new windows and embedded pages are refused', () => {
  const contents = first().webContents;
  const prevented = (event: string, url: string): boolean => {
    let stopped = false;
    contents.emit(event, { url, preventDefault: () => (stopped = true) });
    return stopped;
  };
  expect(prevented('will-frame-navigate', 'https://example.com/')).toBe(true);
  expect(prevented('will-frame-navigate', 'app://console/help/start.html')).toBe(false);
  expect(prevented('will-redirect', 'https://example.com/')).toBe(true);
  expect(prevented('will-attach-webview', '')).toBe(true);
  expect(contents.openHandler?.()).toEqual({ action: 'deny' });
});

test('permissions are denied', () => {
  const answers: boolean[] = [];
  for (const permission of ['media', 'notifications', 'geolocation'])
    record.permission?.({}, permission, (yes) => answers.push(yes), { requestingUrl: 'app://console/' });
  expect(answers).toEqual([false, false, false]);
});

test('only the top frame of the own page gets a port, and its other end is in the engine', async () => {
  const { ipc } = first().webContents;
  const strangers = [pageFrame('https://example.com'), pageFrame('app://console', {})];
  for (const { frame } of strangers) ipc.emit('console:port', { senderFrame: frame }, 1, '{}');
  ipc.emit('console:port', { senderFrame: null }, 1, '{}');
  expect(strangers.flatMap(({ sent }) => sent)).toEqual([]);
  const { sent, frame } = pageFrame();
  ipc.emit('console:port', { senderFrame: frame }, 7, '{"kind":"here"}');
  const [answer] = sent;
  expect(answer).toMatchObject({ name: 'console:port', data: { request: 7 } });
  const port = portOf(answer);
  const said = new Promise((resolve) => port.once('message', ({ data }) => resolve(data)));
  port.start();
  port.postMessage('frame');
  expect(await said).toEqual(['{"kind":"here"}', 'frame']);
});

test('an engine that ends unasked is started again, and its pages lose their ports', async () => {
  const { sent, frame } = pageFrame();
  first().webContents.ipc.emit('console:port', { senderFrame: frame }, 8, '{}');
  const port = portOf(sent[0]);
  const closed = new Promise<void>((resolve) => port.once('close', resolve));
  const before = record.children.length;
  record.children.at(-1)?.kill();
  await closed;
  await vi.waitFor(() => expect(record.children.length).toBe(before + 1), 10_000);
});

test('a second start brings the window to the front, or opens one for each file that it names', () => {
  first().visible = false;
  record.app.emit('second-instance', {}, [], '/', { files: [] });
  expect(first().visible).toBe(true);
  const before = record.windows.length;
  record.app.emit('second-instance', {}, [], '/', { files: [join(folder, 'a.carillon')] });
  record.app.emit('open-file', { preventDefault: () => {} }, join(folder, 'b.carillon'));
  expect(record.windows.length).toBe(before + 2);
  // Each remembers its own place: the names differ.
  expect(new Set(record.windows.map(({ options }) => options.name)).size).toBe(record.windows.length);
});

test('a window opened by a file hands it to its page, and saves over it without asking', async () => {
  const path = join(folder, 'mine.carillon');
  writeFileSync(path, '{"root":"x"}');
  record.app.emit('open-file', { preventDefault: () => {} }, path);
  const { answers } = record.windows.at(-1)?.webContents.ipc ?? first().webContents.ipc;
  const event = { senderFrame: pageFrame().frame };
  expect(await answers.get('console:start-file')?.(event)).toEqual({
    name: 'mine.carillon',
    text: '{"root":"x"}',
  });
  expect(await answers.get('console:save-file')?.(event, '{"root":"y"}', false)).toBe('mine.carillon');
  expect(readFileSync(path, 'utf8')).toBe('{"root":"y"}');
  expect(
    await answers.get('console:save-file')?.({ senderFrame: pageFrame('https://x').frame }, '', false),
  ).toBe(null);
});

test('saving asks for a place where there is none yet, and gives nothing when that is cancelled', async () => {
  const { answers } = first().webContents.ipc;
  const event = { senderFrame: pageFrame().frame };
  expect(await answers.get('console:save-file')?.(event, '{}', false)).toBe(null);
  record.dialogPaths.push(join(folder, 'new.carillon'));
  expect(await answers.get('console:save-file')?.(event, '{}', false)).toBe('new.carillon');
  expect(record.calls).toContain(`recent ${join(folder, 'new.carillon')}`);
});

test('a file that is too long for a console file is not read', async () => {
  const path = join(folder, 'long.carillon');
  writeFileSync(path, ' '.repeat(300_000));
  record.dialogPaths.push(path);
  const event = { senderFrame: pageFrame().frame };
  await expect(first().webContents.ipc.answers.get('console:open-file')?.(event)).rejects.toThrow(
    'no console file',
  );
});

test("the page's menus become the window's, and a click reaches the page as the verb's id", () => {
  const { sent, frame } = pageFrame();
  const menus = [
    { label: 'File', items: [{ id: 'open', label: 'Open...', key: 'Ctrl+O', enabled: true }] },
    { label: 'Action', items: [{ id: 'run', label: 'Run & Wait', enabled: false }, '', ''] },
  ];
  first().webContents.ipc.emit('console:menus', { senderFrame: frame }, JSON.stringify(menus));
  const native = first().menu as { label: string; submenu: Record<string, unknown>[] }[];
  expect(native.map(({ label }) => label).filter(Boolean)).toEqual(['&File', '&Action', '&View', '&Help']);
  const [file, , action] = native;
  expect(action?.submenu[0]).toMatchObject({ label: 'Run && Wait', enabled: false });
  const open = file?.submenu.find(({ id }) => id === 'open') ?? {};
  expect(open).toMatchObject({ accelerator: 'Ctrl+O', registerAccelerator: false });
  (open['click'] as () => void)();
  expect(sent).toEqual([{ name: 'console:command', data: 'open', ports: [] }]);
});

test('a page opens a window at a place of its own, which stays behind the # of the address', () => {
  const { ipc } = first().webContents;
  const count = record.windows.length;
  ipc.emit('console:new-window', { senderFrame: pageFrame('https://elsewhere').frame }, '{}');
  ipc.emit('console:new-window', { senderFrame: pageFrame().frame }, 'x'.repeat(10_000));
  ipc.emit('console:new-window', { senderFrame: pageFrame().frame }, { toString: () => 'no text' });
  expect(record.windows).toHaveLength(count);
  ipc.emit('console:new-window', { senderFrame: pageFrame().frame }, '{"root":"carillon/a"} ?#/../');
  expect(record.windows).toHaveLength(count + 1);
  expect(record.windows.at(-1)?.address).toBe(
    'app://console/index.html#%7B%22root%22%3A%22carillon%2Fa%22%7D%20%3F%23%2F..%2F',
  );
});

test('menus that are none are passed over', () => {
  const before = first().menu;
  for (const text of ['', '{', '[{"label":1}]', `[${'"",'.repeat(90_000)}""]`])
    first().webContents.ipc.emit('console:menus', { senderFrame: pageFrame().frame }, text);
  expect(first().menu).toBe(before);
});

test.each([
  ['Close Window', 0, true],
  ['Cancel', 1, false],
])('a window with an unsaved sheet asks before it goes: %s', (_, choice, goes) => {
  record.choices.push(choice);
  let isLeft = false;
  first().webContents.emit('will-prevent-unload', { preventDefault: () => (isLeft = true) });
  expect(record.calls.at(-1)).toContain('not applied');
  expect(isLeft).toBe(goes);
});

test('quitting waits until the engine has ended', async () => {
  let prevented = false;
  record.app.emit('will-quit', { preventDefault: () => (prevented = true) });
  expect(prevented).toBe(true);
  await vi.waitFor(() => expect(record.calls).toContain('quit'), 10_000);
  expect(record.children.at(-1)?.pid).toBeUndefined();
});
