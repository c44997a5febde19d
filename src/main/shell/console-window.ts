import { BrowserWindow, MessageChannelMain, nativeTheme, type Session } from 'electron';

import { pageOrigin } from './app-protocol.ts';
import type { EngineProcess } from './engine-process.ts';

/** Shown even if the page never says that it is ready, milliseconds. */
const latestShow = 3000;

export interface ConsoleWindowOptions {
  readonly session: Session;
  readonly engine: EngineProcess;
  readonly preload: string;
  readonly developing: boolean;
}

/** Opens one console window; its page gets a port to the engine when it asks, and nothing else. */
export function openConsoleWindow({
  session,
  engine,
  preload,
  developing,
}: ConsoleWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Carillon',
    name: 'console-main',
    windowStatePersistence: true,
    width: 1180,
    height: 760,
    minWidth: 720,
    minHeight: 480,
    show: false,
    backgroundColor: background(),
    webPreferences: {
      session,
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
      spellcheck: false,
      devTools: developing,
    },
  });
  const contents = window.webContents;
  contents.ipc.on('console:port', (event) => {
    // Read first: it is null once the frame has gone.
    const frame = event.senderFrame;
    if (frame === null || frame.parent !== null || frame.origin !== pageOrigin) return;
    const { port1, port2 } = new MessageChannelMain();
    engine.attach(port1, contents.id);
    frame.postMessage('console:port', { generation: engine.generation }, [port2]);
  });
  const show = (): void => {
    if (!window.isDestroyed() && !window.isVisible()) window.show();
  };
  window.once('ready-to-show', show);
  setTimeout(show, latestShow);
  const repaint = (): void => window.setBackgroundColor(background());
  nativeTheme.on('updated', repaint);
  window.once('closed', () => nativeTheme.off('updated', repaint));
  window
    .loadURL(`${pageOrigin}/index.html`)
    .catch(() => window.setTitle('Carillon: the page could not be loaded'));
  return window;
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? '#292929' : '#ffffff';
}
