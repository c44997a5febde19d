import type { ConsoleWays } from './attach-console.ts';
import { findBrowser, hasDisplay } from './find-browser.ts';
import { openAppWindow } from './open-app-window.ts';
import { type PageServer, servePage } from './page-server.ts';

export interface ConsoleOptions {
  /** Folder of the built page. */
  readonly page: string;
  /** Keeps the browser's profile. */
  readonly dataDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly ways: ConsoleWays;
}

/** A served console, and where it went, in words for a terminal. */
export interface OpenConsole extends Pick<PageServer, 'close'> {
  readonly words: string;
}

/** Opens the console in an installed browser, or says at which address it waits for one. */
export async function openConsole(options: ConsoleOptions): Promise<OpenConsole> {
  const { page, dataDirectory, environment, ways } = options;
  const server = await servePage({ folder: page, ways });
  const reason = 'Without an Electron runtime the console is a page';
  const browser = findBrowser(environment);
  const close = (): Promise<void> => server.close();
  if (browser !== undefined && hasDisplay(environment)) {
    openAppWindow(browser, server.address, dataDirectory);
    return { words: `${reason}; it opens in ${browser}.`, close };
  }
  const lack =
    browser === undefined ? 'no Chromium, Chrome or Edge is installed here' : 'there is no display here';
  return { words: `${reason}, and ${lack}. Its address opens once:\n  ${server.address}`, close };
}
