import type { MenuItemConstructorOptions } from 'electron';
import { z } from 'zod';

/** The page's menus, made from the verbs that it offers now. `''` in a row of items is a separator. */
export const pageMenusSchema = z
  .array(
    z.strictObject({
      label: z.string().min(1).max(40),
      items: z
        .array(
          z.union([
            z.literal(''),
            z.strictObject({
              id: z.string().min(1).max(80),
              label: z.string().min(1).max(120),
              /** Key in the page's form: `Ctrl+Shift+P`, `F5`. */
              key: z.string().max(40).optional(),
              enabled: z.boolean(),
              checked: z.boolean().optional(),
            }),
          ]),
        )
        .max(60),
    }),
  )
  .max(12);
export type PageMenus = z.infer<typeof pageMenusSchema>;

export interface PageMenuActions {
  newWindow(): void;
  /** The page performs the verb of that id. */
  perform(id: string): void;
}

/** The native menu of a window: the page's menus, with what only the shell can do among them. */
export function toNativeMenu(
  menus: PageMenus,
  { newWindow, perform }: PageMenuActions,
  platform = process.platform,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const own = (label: string): MenuItemConstructorOptions[] => {
    const items = menus.find((menu) => menu.label === label)?.items ?? [];
    return items.map((item) => (item === '' ? { type: 'separator' } : nativeItem(item, perform, mac)));
  };
  const others = menus.filter(({ label }) => !['File', 'View', 'Help'].includes(label));
  const separator = (items: readonly unknown[]): MenuItemConstructorOptions[] =>
    items.length === 0 ? [] : [{ type: 'separator' }];
  const file = own('File');
  const view = own('View');
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: '&New Window', accelerator: 'CmdOrCtrl+N', click: newWindow },
        ...separator(file),
        ...file,
        { type: 'separator' },
        { role: mac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    ...others.map(({ label }) => ({ label: `&${label}`, submenu: own(label) })),
    {
      label: '&View',
      submenu: [
        ...view,
        ...separator(view),
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', label: '&Help', submenu: [...own('Help'), { role: 'about' }] },
  ];
}

function nativeItem(
  item: Exclude<PageMenus[number]['items'][number], ''>,
  perform: (id: string) => void,
  mac: boolean,
): MenuItemConstructorOptions {
  const { id, label, key, enabled, checked } = item;
  // The page knows whether a tree, a list or a text box has the focus: its keys are shown here, not taken.
  // macOS cannot show one without taking it.
  const shown = key === undefined || mac ? {} : { accelerator: key, registerAccelerator: false };
  return {
    id,
    label: label.replaceAll('&', '&&'),
    enabled,
    ...(checked === undefined ? {} : { type: 'checkbox' as const, checked }),
    ...shown,
    click: () => perform(id),
  };
}
