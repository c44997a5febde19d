import { afterAll, beforeAll, expect, test } from 'vitest';

import { MessagePortLink } from '#shared/rpc/message-port.ts';

import { ConsoleRig } from './console-rig.ts';

const rig = new ConsoleRig();
beforeAll(() => rig.start());
afterAll(() => rig.stop());

/** What the preload gives a page, with the engine's end of each port led out to the test. */
const bridge = `
  const listeners = [];
  window.pick = (id) => listeners.forEach((listener) => listener(id));
  window.menus = [];
  window.consoleHost = {
    requestPort(request, destination) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => window.toEngine(request, data);
      window.fromEngine ??= {};
      window.fromEngine[request] = port1;
      window.portAsked(request, destination);
      window.postMessage({ tag: 'console:port', request }, location.origin, [port2]);
    },
    newWindow() {},
    showHelp(page) { window.helpShown = page; },
    showMenus(text) { window.menus.push(JSON.parse(text)); },
    onCommand(listener) { listeners.push(listener); },
    startFile: async () => ({ name: 'start.carillon', text: JSON.stringify({
      carillon: 1, connection: { kind: 'here' }, root: 'carillon', selected: 'carillon/password-synchronization/events',
      expanded: ['carillon', 'carillon/password-synchronization'], columns: {},
    }) }),
    openFile: async () => null,
    saveFile: async (text) => { window.saved = text; return 'kept.carillon'; },
  };
`;

test("in the desktop the page talks over the shell's port, opens its file and shows its menus", async () => {
  const destinations: string[] = [];
  const page = await rig.open({
    script: bridge,
    ready: async (opened) => {
      const links = new Map<number, MessagePortLink>();
      await opened.exposeFunction('portAsked', (request: number, destination: string) => {
        destinations.push(destination);
        const link = new MessagePortLink({
          postMessage: (message) => {
            opened
              .evaluate(
                ([number, data]) =>
                  (window as unknown as { fromEngine: MessagePort[] }).fromEngine[
                    number as number
                  ]?.postMessage(data),
                [request, message] as const,
              )
              .catch(() => undefined);
          },
          close: () => undefined,
        });
        links.set(request, link);
        rig.host.attach(link, 'administer', 'console');
      });
      await opened.exposeFunction('toEngine', (request: number, message: unknown) =>
        links.get(request)?.take(message),
      );
    },
  });
  expect(destinations).toContain('{"kind":"here"}');
  // The file that the window was opened with.
  await expect.poll(() => page.getByRole('main').getAttribute('aria-label')).toBe('Events');
  expect(await page.getByRole('menubar').count()).toBe(0);
  const labels = () =>
    page.evaluate(() =>
      (window as unknown as { menus: { label: string }[][] }).menus.at(-1)?.map(({ label }) => label),
    );
  expect(await labels()).toEqual(['File', 'Action', 'View', 'Tools', 'Help']);
  await page.evaluate(() => (window as unknown as { pick(id: string): void }).pick('file.save'));
  // A toast stands twice for a moment: once to be read and once to be heard.
  await page.getByText('"kept.carillon" is saved').first().waitFor();
  const saved = JSON.parse(await page.evaluate(() => (window as unknown as { saved: string }).saved));
  expect(saved).toMatchObject({ carillon: 1, selected: 'carillon/password-synchronization/events' });
  await page.keyboard.press('F1');
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { helpShown: string }).helpShown))
    .toBe('events');
  await page.context().close();
  expect(rig.mistakes).toEqual([]);
});
