import { Button, Menu, MenuPopover, MenuTrigger, makeStyles, tokens } from '@fluentui/react-components';

import { type KeyboardEvent, useRef, useState } from 'react';

import { useMenuKeys } from './use-menu-keys.ts';
import { VerbList } from './VerbMenu.tsx';
import type { Verb } from './verb.ts';

const useStyles = makeStyles({
  bar: { display: 'flex', padding: '0 4px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  menu: { minWidth: 'auto', height: '26px', padding: '0 8px', fontWeight: tokens.fontWeightRegular },
  popover: { padding: '2px', minWidth: '220px' },
});

export interface TopMenu {
  readonly label: string;
  readonly verbs: readonly Verb[];
}

/** File, Action, View, Tools, Help. While one is open, the pointer and the arrow keys open its neighbours. */
export function MenuBar({ menus }: { readonly menus: readonly TopMenu[] }) {
  const styles = useStyles();
  const bar = useRef<HTMLDivElement>(null);
  const leave = useMenuKeys(bar);
  // One Tab stop: where the focus was last.
  const [stop, setStop] = useState(0);
  const [opened, setOpened] = useState<number>();
  const onKeyDown = (event: KeyboardEvent): void => {
    const items = [...(bar.current?.querySelectorAll<HTMLElement>(':scope > button') ?? [])];
    const at = items.indexOf(event.target as HTMLElement);
    // The items of an open menu lie elsewhere in the page, and tell of their keys here.
    const from = at === -1 ? opened : at;
    if (from === undefined) return;
    const sideways = new Map([
      ['ArrowRight', (from + 1) % items.length],
      ['ArrowLeft', (from + items.length - 1) % items.length],
    ]);
    const ends = new Map([
      ['Home', 0],
      ['End', items.length - 1],
    ]);
    const to = sideways.get(event.key) ?? (at === -1 ? undefined : ends.get(event.key));
    if (event.key === 'Escape' && at !== -1) leave();
    else if (to !== undefined) {
      event.preventDefault();
      if (opened === undefined) items[to]?.focus();
      else setOpened(to);
    }
  };
  return (
    <div ref={bar} role="menubar" aria-label="Menu" className={styles.bar} onKeyDown={onKeyDown}>
      {menus.map(({ label, verbs }, index) => (
        <Menu
          key={label}
          open={opened === index}
          onOpenChange={(_, { open }) => setOpened((now) => (open ? index : now === index ? undefined : now))}
          hasCheckmarks={verbs.some((verb) => verb.checked !== undefined)}
          checkedValues={{ verbs: verbs.filter((verb) => verb.checked).map((verb) => verb.id) }}
        >
          <MenuTrigger disableButtonEnhancement>
            <Button
              role="menuitem"
              appearance="subtle"
              size="small"
              className={styles.menu}
              tabIndex={index === Math.min(stop, menus.length - 1) ? 0 : -1}
              onFocus={() => setStop(index)}
              onPointerEnter={() => setOpened((now) => (now === undefined ? now : index))}
            >
              {label}
            </Button>
          </MenuTrigger>
          <MenuPopover className={styles.popover}>
            <VerbList verbs={verbs} keys />
          </MenuPopover>
        </Menu>
      ))}
    </div>
  );
}
