import { app, dialog, protocol, session as sessions } from 'electron';

import { answerPage } from './app-protocol.ts';
import { setApplicationMenu } from './application-menu.ts';
import { openConsoleWindow } from './console-window.ts';
import { EngineProcess } from './engine-process.ts';
import { denyPermissions, findUnsafeSwitch, guardContents } from './guards.ts';

export interface BootFiles {
  /** Folder of the built page. */
  readonly page: string;
  readonly preload: string;
  readonly engine: string;
}

/**
 * Starts the desktop console. What must happen before `ready` happens before the first await: the protocol's
 * privileges, the sandbox, the single instance and the guards.
 */
export async function boot(files: BootFiles): Promise<void> {
  const unsafe = app.isPackaged ? findUnsafeSwitch(process.argv) : undefined;
  if (unsafe !== undefined || !app.requestSingleInstanceLock()) {
    app.exit(unsafe === undefined ? 0 : 1);
    return;
  }
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  app.enableSandbox();
  app.setAppUserModelId('net.carillon.console');
  guardContents(app);

  await app.whenReady();
  const session = sessions.fromPartition('persist:console');
  denyPermissions(session);
  session.protocol.handle('app', answerPage(files.page));
  const engine = new EngineProcess({
    entry: files.engine,
    arguments: ['--desktop'],
    cwd: app.getPath('userData'),
    onStart: () => undefined,
    onGiveUp: (code) =>
      dialog.showErrorBox(
        'Carillon',
        `The engine has stopped with code ${code} and does not start. See its log in the data directory.`,
      ),
  });
  engine.start();
  const open = () =>
    openConsoleWindow({ session, engine, preload: files.preload, developing: !app.isPackaged });
  setApplicationMenu({ newWindow: open });
  let first = open();
  app.on('second-instance', () => {
    if (first.isDestroyed()) first = open();
    if (first.isMinimized()) first.restore();
    first.focus();
  });
  app.on('activate', () => {
    if (first.isDestroyed()) first = open();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    stopped = true;
    void engine.stop().finally(() => app.quit());
  });
}
