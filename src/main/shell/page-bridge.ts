import {
  type BrowserWindow,
  dialog,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  Menu,
  MessageChannelMain,
  type WebFrameMain,
} from 'electron';

import { destinationLimit } from '#shared/model/console-destination.ts';

import { pageOrigin } from './app-protocol.ts';
import { type ConsoleFileText, readConsoleFile, writeConsoleFile } from './console-file.ts';
import type { EngineProcess } from './engine-process.ts';
import { pageMenusSchema, toNativeMenu } from './page-menu.ts';

/** Longest description of menus, characters. */
const menusLimit = 64 * 1024;
/** Longest word of one window's page to the next, characters: a node's path and a destination. */
const startLimit = 8 * 1024;

const filters = [{ name: 'Carillon console file', extensions: ['carillon'] }];

export interface PageBridgeOptions {
  readonly window: BrowserWindow;
  readonly engine: EngineProcess;
  /** Console file that the window was opened with. */
  readonly file?: string | undefined;
  /** Opens another window; `start` says to its page where it begins. */
  newWindow(start?: string): void;
  /** Opens a page of the guide by its name. */
  showHelp(page: string): void;
  /** A console file was opened or saved: the desktop may list it. */
  onFile(path: string): void;
}

/**
 * Answers what one window's page may ask of the shell. Every answer is for the top frame of the own page only; what
 * the page says is text that is parsed before it is used.
 */
export function answerPageRequests({
  window,
  engine,
  file,
  newWindow,
  showHelp,
  onFile,
}: PageBridgeOptions): void {
  const { ipc } = window.webContents;
  /** Where Save goes without asking. */
  let current = file;

  ipc.on('console:port', (event, request: unknown, destination: unknown) => {
    const frame = ownFrame(event);
    if (frame === undefined || typeof request !== 'number' || !isText(destination, destinationLimit)) return;
    const { port1, port2 } = new MessageChannelMain();
    engine.attach(port1, destination);
    frame.postMessage('console:port', { request }, [port2]);
  });
  ipc.on('console:new-window', (event, start: unknown) => {
    if (ownFrame(event) !== undefined && isText(start, startLimit)) newWindow(start);
  });
  ipc.on('console:help', (event, page: unknown) => {
    if (ownFrame(event) !== undefined && isText(page, 64) && /^[a-z][a-z-]*$/.test(page)) showHelp(page);
  });
  ipc.on('console:menus', (event, text: unknown) => {
    const frame = ownFrame(event);
    if (frame === undefined || !isText(text, menusLimit)) return;
    const menus = pageMenusSchema.safeParse(tryParse(text));
    if (!menus.success) return;
    const perform = (id: string): void => frame.postMessage('console:command', id);
    setMenu(
      window,
      Menu.buildFromTemplate(toNativeMenu(menus.data, { newWindow: () => newWindow(), perform })),
    );
  });
  ipc.handle(
    'console:start-file',
    async (event): Promise<ConsoleFileText | null> =>
      ownFrame(event) === undefined || file === undefined ? null : await readConsoleFile(file),
  );
  ipc.handle('console:open-file', async (event): Promise<ConsoleFileText | null> => {
    if (ownFrame(event) === undefined) return null;
    const { filePaths } = await dialog.showOpenDialog(window, { filters, properties: ['openFile'] });
    const [path] = filePaths;
    if (path === undefined) return null;
    const opened = await readConsoleFile(path);
    current = path;
    onFile(path);
    return opened;
  });
  ipc.handle('console:save-file', async (event, text: unknown, ask: unknown): Promise<string | null> => {
    if (ownFrame(event) === undefined || typeof text !== 'string') return null;
    if (current === undefined || ask === true) {
      const { filePath } = await dialog.showSaveDialog(window, {
        filters,
        defaultPath: current ?? 'console.carillon',
      });
      if (!filePath) return null;
      current = filePath;
    }
    const name = await writeConsoleFile(current, text);
    onFile(current);
    return name;
  });
}

/** The frame that asks, if it is the whole page of the console; the event's frame is null once it has gone. */
function ownFrame({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): WebFrameMain | undefined {
  return senderFrame !== null && senderFrame.parent === null && senderFrame.origin === pageOrigin
    ? senderFrame
    : undefined;
}

/** macOS has one menu for all windows: the window in front sets it. */
function setMenu(window: BrowserWindow, menu: Menu): void {
  if (process.platform !== 'darwin') {
    window.setMenu(menu);
    return;
  }
  window.removeAllListeners('focus');
  window.on('focus', () => Menu.setApplicationMenu(menu));
  if (window.isFocused()) Menu.setApplicationMenu(menu);
}

function isText(value: unknown, limit: number): value is string {
  return typeof value === 'string' && value.length <= limit;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
