import { app, dialog, Menu, protocol, session as sessions } from 'electron';
import { z } from 'zod';

import { answerPage } from './app-protocol.ts';
import { findConsoleFiles } from './console-file.ts';
import { ConsoleWindows } from './console-windows.ts';
import { EngineProcess } from './engine-process.ts';
import { denyPermissions, findUnsafeSwitch, guardContents } from './guards.ts';
import { toNativeMenu } from './page-menu.ts';

export interface BootFiles {
  /** Folder of the built page. */
  readonly page: string;
  readonly preload: string;
  readonly engine: string;
}

/** What a second start tells the first, beside a command line that Chromium has reordered. */
const startSchema = z.object({ files: z.array(z.string().max(4096)).max(16) });

/**
 * Starts the desktop console. What must happen before `ready` happens before the first await: the protocol's
 * privileges, the sandbox, the single instance, the guards, and the ear for files that macOS opens.
 */
export async function boot(files: BootFiles): Promise<void> {
  const unsafe = app.isPackaged ? findUnsafeSwitch(process.argv) : undefined;
  const asked = findConsoleFiles(process.argv, process.cwd());
  if (unsafe !== undefined || !app.requestSingleInstanceLock({ files: asked })) {
    app.exit(unsafe === undefined ? 0 : 1);
    return;
  }
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  app.enableSandbox();
  app.setAppUserModelId('net.carillon.console');
  guardContents(app);
  let windows: ConsoleWindows | undefined;
  const early: string[] = [...asked];
  app.on('open-file', (event, path) => {
    event.preventDefault();
    if (windows === undefined) early.push(path);
    else windows.show([path]);
  });

  await app.whenReady();
  const session = sessions.fromPartition('persist:console');
  denyPermissions(session);
  session.protocol.handle('app', answerPage(files.page));
  const engine = new EngineProcess({
    entry: files.engine,
    cwd: app.getPath('userData'),
    onGiveUp: (code) =>
      dialog.showErrorBox(
        'Carillon',
        `The engine has stopped with code ${code} and does not start. See its log in the data directory.`,
      ),
  });
  engine.start();
  const opened = new ConsoleWindows({
    session,
    engine,
    preload: files.preload,
    developing: !app.isPackaged,
  });
  windows = opened;
  // Until a page says what it offers; the menu that Electron has by itself opens developer tools.
  const nothing = { newWindow: () => opened.open(), perform: () => undefined };
  Menu.setApplicationMenu(Menu.buildFromTemplate(toNativeMenu([], nothing)));
  opened.show(early);
  app.on('second-instance', (_event, _argv, _cwd, told) => {
    const start = startSchema.safeParse(told);
    opened.show(start.success ? start.data.files : []);
  });
  app.on('activate', () => opened.show([]));
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let stopped = false;
  // When every window has closed: one that keeps its unsaved sheet still needs the engine.
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    stopped = true;
    void engine.stop().finally(() => app.quit());
  });
}
