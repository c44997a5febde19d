import { expect, test } from 'vitest';

import { parseDestination } from '#shared/model/console-destination.ts';

import { findConsoleFiles } from '../../../src/main/shell/console-file.ts';
import { toNativeMenu } from '../../../src/main/shell/page-menu.ts';

test('a command line names its console files, from where it was typed', () => {
  const argv = ['/opt/carillon', '--flag=x.carillon', 'mine.carillon', '/srv/Other.CARILLON', 'notes.txt'];
  expect(findConsoleFiles(argv, '/home/ann')).toEqual(['/home/ann/mine.carillon', '/srv/Other.CARILLON']);
});

test('the program itself is no console file', () => {
  expect(findConsoleFiles(['/opt/odd.carillon'], '/')).toEqual([]);
});

test('a destination is a folder of this computer, never a network path', () => {
  expect(parseDestination('{"kind":"directory","path":"/var/lib/carillon"}').kind).toBe('directory');
  expect(parseDestination('{"kind":"directory","path":"C:\\\\ProgramData\\\\Carillon"}').kind).toBe(
    'directory',
  );
  for (const path of ['\\\\\\\\server\\\\share', '//server/share', 'relative', '', '/x\\u0000y'])
    expect(() => parseDestination(`{"kind":"directory","path":"${path}"}`)).toThrow();
});

test('macOS shows no key that the page has to see first', () => {
  const menus = [{ label: 'Action', items: [{ id: 'a', label: 'Refresh', key: 'F5', enabled: true }] }];
  const actions = { newWindow: () => undefined, perform: () => undefined };
  const item = (platform: NodeJS.Platform) => {
    const menu = toNativeMenu(menus, actions, platform).find(({ label }) => label === '&Action')?.submenu;
    return Array.isArray(menu) ? menu[0] : undefined;
  };
  expect(item('darwin')).not.toHaveProperty('accelerator');
  expect(item('linux')).toMatchObject({ accelerator: 'F5', registerAccelerator: false });
});
