import type { App, Session, WebContents } from 'electron';

import { pageOrigin } from './app-protocol.ts';

/** Whether an address is the console's own page. */
export function isOwnPage(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === 'app:' && url.host === 'console';
}

/** Denies every permission, device and download to the page, but writing to the clipboard on a user's gesture. */
export function denyPermissions(session: Session): void {
  const allowed = (permission: string, origin: string): boolean =>
    permission === 'clipboard-sanitized-write' && origin.startsWith(pageOrigin);
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(allowed(permission, requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => allowed(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: !/^(app|devtools|blob|data):/.test(url) }),
  );
}

/** Keeps every page where it is: no navigation, no window, no embedded page. Set before the first window. */
export function guardContents(app: App): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (details) => {
      if (!isOwnPage(details.url)) details.preventDefault();
    });
    contents.on('will-redirect', (details) => {
      if (!isOwnPage(details.url)) details.preventDefault();
    });
  });
}

/** Switches that open a packaged console to whoever starts it; it refuses to run with them. */
export function findUnsafeSwitch(argv: readonly string[]): string | undefined {
  return argv.find((argument) =>
    /^--(remote-debugging-|inspect|js-flags|load-extension|disable-web-security|no-sandbox)/i.test(argument),
  );
}
