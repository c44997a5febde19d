/** `npm run test:electron`: starts what `npm run build` made in a real Electron runtime where there is one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { _electron } from 'playwright-core';

const root = join(import.meta.dirname, '..');
const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(root, 'node_modules/electron/dist');
const runtime = ['electron', 'electron.exe', 'Electron.app/Contents/MacOS/Electron']
  .map((name) => join(folder, name))
  .find((path) => existsSync(path));

if (runtime === undefined) console.log('skipped: no Electron runtime');
else {
  const shell = await _electron.launch({ executablePath: runtime, args: [root], timeout: 30_000 });
  try {
    const page = await shell.firstWindow();
    await page.getByRole('tree', { name: 'Console tree' }).waitFor();
    console.log(`The shell shows the console at ${page.url()}`);
  } finally {
    await shell.close();
  }
}
