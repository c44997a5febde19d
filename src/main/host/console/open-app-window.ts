import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Opens the console as a window of its own. The address with its token goes through a file that only the user can
 * read, since every user of the machine can read another's command line.
 */
export function openAppWindow(browser: string, address: string, dataDirectory: string): void {
  const profile = join(dataDirectory, 'browser');
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  const door = join(profile, 'open.html');
  const page = `<!doctype html><meta http-equiv="refresh" content="0;url=${address}"><title>Carillon</title>`;
  writeFileSync(door, page, { mode: 0o600 });
  const child = spawn(
    browser,
    [
      `--app=${pathToFileURL(door).href}`,
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    { detached: true, stdio: 'ignore' },
  );
  child.on('error', () => undefined);
  child.unref();
}
