import {
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemCheckbox,
  MenuList,
  MenuPopover,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { Fragment, type KeyboardEvent, type ReactNode, useLayoutEffect } from 'react';

import { useConsole } from './console-context.ts';
import { groupVerbs, type Verb } from './verb.ts';

const useStyles = makeStyles({
  popover: { padding: '2px', minWidth: '200px' },
  item: { minHeight: '24px', paddingTop: '2px', paddingBottom: '2px', fontSize: tokens.fontSizeBase200 },
  standard: { fontWeight: tokens.fontWeightSemibold },
});

export interface VerbMenuProps {
  readonly verbs: readonly Verb[];
  /** Where the menu opens, in window coordinates. */
  readonly at: { readonly x: number; readonly y: number };
  onClose(): void;
}

/** A context menu at a point; leaves out what cannot run now and shows no keys, as Windows does. */
export function VerbMenu({ verbs, at, onClose }: VerbMenuProps) {
  const styles = useStyles();
  const target = { getBoundingClientRect: () => new DOMRect(at.x, at.y, 0, 0) };
  // It has no trigger to give the focus back to.
  useLayoutEffect(() => {
    const before = document.activeElement;
    return () =>
      queueMicrotask(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && before instanceof HTMLElement) before.focus();
      });
  }, []);
  return (
    <Menu
      open
      onOpenChange={(_, { open }) => {
        if (!open) onClose();
      }}
      hasCheckmarks={verbs.some((verb) => verb.checked !== undefined)}
      checkedValues={{ verbs: verbs.filter((verb) => verb.checked).map((verb) => verb.id) }}
      positioning={{ target, position: 'below', align: 'start' }}
    >
      <MenuPopover className={styles.popover}>
        <VerbList verbs={verbs.filter((verb) => verb.disabled === undefined)} keys={false} />
      </MenuPopover>
    </Menu>
  );
}

/** The items of a menu, grouped by slot; a letter runs the item whose access key it is. */
export function VerbList({ verbs, keys }: { readonly verbs: readonly Verb[]; readonly keys: boolean }) {
  const onKeyDown = (event: KeyboardEvent): void => {
    const letter = event.key.toLocaleLowerCase();
    const verb = verbs.find((candidate) => candidate.accessKey?.toLocaleLowerCase() === letter);
    if (verb === undefined || verb.disabled !== undefined || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.querySelector<HTMLElement>(`[data-verb="${CSS.escape(verb.id)}"]`)?.click();
  };
  return (
    <MenuList onKeyDownCapture={onKeyDown}>
      {groupVerbs(verbs).map((group, index) => (
        <Fragment key={group[0]?.id}>
          {index === 0 ? null : <MenuDivider />}
          {group.map((verb) => (
            <VerbItem key={verb.id} verb={verb} keys={keys} />
          ))}
        </Fragment>
      ))}
    </MenuList>
  );
}

function VerbItem({ verb, keys }: { readonly verb: Verb; readonly keys: boolean }) {
  const styles = useStyles();
  const { perform } = useConsole();
  const shared = {
    'data-verb': verb.id,
    className: styles.item,
    disabled: verb.disabled !== undefined,
    title: verb.disabled,
    secondaryContent: keys ? verb.shortcut?.replace('Delete', 'Del') : undefined,
    onClick: () => perform(verb),
    children: (
      <span className={verb.isDefault ? styles.standard : undefined}>
        <AccessLabel verb={verb} />
      </span>
    ),
  };
  if (verb.checked === undefined) return <MenuItem {...shared} />;
  return <MenuItemCheckbox name="verbs" value={verb.id} {...shared} />;
}

function AccessLabel({ verb }: { readonly verb: Verb }): ReactNode {
  const at =
    verb.accessKey === undefined ? -1 : verb.label.toLowerCase().indexOf(verb.accessKey.toLowerCase());
  if (at === -1) return verb.label;
  return (
    <>
      {verb.label.slice(0, at)}
      <u>{verb.label[at]}</u>
      {verb.label.slice(at + 1)}
    </>
  );
}
