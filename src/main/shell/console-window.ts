import { BrowserWindow, dialog, nativeTheme, type Session } from 'electron';

import { pageOrigin } from './app-protocol.ts';

/** Shown even if the page never says that it is ready, milliseconds. */
const latestShow = 3000;

export interface ConsoleWindowOptions {
  readonly session: Session;
  readonly preload: string;
  readonly developing: boolean;
  /** Under which its place and size are remembered; one for each window that is open at the same time. */
  readonly name: string;
}

/** Makes one console window; its page is loaded by `load`, when everything that it may ask for is answered. */
export function createConsoleWindow({ session, preload, developing, name }: ConsoleWindowOptions): {
  readonly window: BrowserWindow;
  load(start?: string): void;
} {
  const window = new BrowserWindow({
    title: 'Carillon',
    name,
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
  const show = (): void => {
    if (!window.isDestroyed() && !window.isVisible()) window.show();
  };
  window.once('ready-to-show', show);
  const latest = setTimeout(show, latestShow);
  const repaint = (): void => window.setBackgroundColor(background());
  nativeTheme.on('updated', repaint);
  // The page holds on to an unsaved sheet; Electron by itself would then close nothing and say nothing.
  window.webContents.on('will-prevent-unload', (event) => {
    if (asksToLeave(window)) event.preventDefault();
  });
  window.once('closed', () => {
    clearTimeout(latest);
    nativeTheme.off('updated', repaint);
  });
  const load = (start?: string): void => {
    // Escaped once more, whatever the page made of it: it stays behind the `#`.
    const fragment = start === undefined ? '' : `#${encodeURIComponent(start)}`;
    window
      .loadURL(`${pageOrigin}/index.html${fragment}`)
      .catch(() => window.setTitle('Carillon: the page could not be loaded'));
  };
  return { window, load };
}

function asksToLeave(window: BrowserWindow): boolean {
  const choice = dialog.showMessageBoxSync(window, {
    type: 'question',
    title: 'Carillon',
    message: 'A sheet in this window has changes that are not applied.',
    detail: 'They are lost when the window is closed.',
    buttons: ['Close Window', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  return choice === 0;
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? '#292929' : '#ffffff';
}
