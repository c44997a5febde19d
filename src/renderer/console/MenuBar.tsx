import { Button, Menu, MenuPopover, MenuTrigger, makeStyles, tokens } from '@fluentui/react-components';

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

/** File, Action, View, Tools, Help. */
export function MenuBar({ menus }: { readonly menus: readonly TopMenu[] }) {
  const styles = useStyles();
  return (
    <div role="menubar" aria-label="Menu" className={styles.bar}>
      {menus.map(({ label, verbs }) => (
        <Menu
          key={label}
          hasCheckmarks={verbs.some((verb) => verb.checked !== undefined)}
          checkedValues={{ verbs: verbs.filter((verb) => verb.checked).map((verb) => verb.id) }}
        >
          <MenuTrigger disableButtonEnhancement>
            <Button role="menuitem" appearance="subtle" size="small" className={styles.menu}>
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
