import { app, BrowserWindow } from 'electron';

import { pageOrigin } from './app-protocol.ts';
import { type ConsoleWindowOptions, createConsoleWindow } from './console-window.ts';
import type { EngineProcess } from './engine-process.ts';
import { answerPageRequests } from './page-bridge.ts';

export interface ConsoleWindowsOptions extends Omit<ConsoleWindowOptions, 'name'> {
  readonly engine: EngineProcess;
}

/** All console windows, each with a number of its own, which the next window takes over when it is free again. */
export class ConsoleWindows {
  readonly #options: ConsoleWindowsOptions;
  readonly #open = new Map<number, BrowserWindow>();
  #help: BrowserWindow | undefined;

  constructor(options: ConsoleWindowsOptions) {
    this.#options = options;
  }

  /** Opens a window, on a console file where one is given, or where `start` says to its page. */
  open(file?: string, start?: string): void {
    let number = 1;
    while (this.#open.has(number)) number += 1;
    const { engine, ...options } = this.#options;
    const { window, load } = createConsoleWindow({ ...options, name: `console-${number}` });
    this.#open.set(number, window);
    window.once('closed', () => this.#open.delete(number));
    answerPageRequests({
      window,
      engine,
      file,
      newWindow: (from) => this.open(undefined, from),
      showHelp: (page) => this.#showHelp(page),
      onFile: (path) => app.addRecentDocument(path),
    });
    load(start);
  }

  /** Opens a window for each file; without any, brings the first window to the front. */
  show(files: readonly string[]): void {
    for (const file of files) this.open(file);
    if (files.length > 0) return;
    const [first] = this.#open.values();
    if (first === undefined) this.open();
    else {
      if (first.isMinimized()) first.restore();
      first.show();
      first.focus();
    }
  }

  /** One help window for all; it has no bridge to the shell. */
  #showHelp(page: string): void {
    const { session } = this.#options;
    if (this.#help === undefined || this.#help.isDestroyed()) {
      this.#help = new BrowserWindow({
        title: 'Carillon help',
        name: 'console-help',
        windowStatePersistence: true,
        width: 820,
        height: 720,
        webPreferences: { session, sandbox: true, contextIsolation: true, nodeIntegration: false },
      });
      this.#help.setMenu(null);
    }
    this.#help.loadURL(`${pageOrigin}/help/${page}.html`).catch(() => undefined);
    this.#help.show();
  }
}
