import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const windowsPlaces = ['Microsoft\\Edge\\Application\\msedge.exe', 'Google\\Chrome\\Application\\chrome.exe'];

const macPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** An installed browser that can show a page as an app window: Chromium, Chrome or Edge. */
export function findBrowser(environment: NodeJS.ProcessEnv, platform = process.platform): string | undefined {
  if (platform === 'darwin') return macPlaces.find((path) => existsSync(path));
  if (platform === 'win32') {
    const roots = [
      environment['ProgramFiles(x86)'],
      environment['ProgramFiles'],
      environment['LOCALAPPDATA'],
    ];
    return roots
      .flatMap((root) => (root === undefined ? [] : windowsPlaces.map((place) => join(root, place))))
      .find((path) => existsSync(path));
  }
  const folders = (environment['PATH'] ?? '').split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** Whether a window can be shown at all. */
export function hasDisplay(environment: NodeJS.ProcessEnv, platform = process.platform): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY']);
}
