import type { TopMenu } from '#console/MenuBar.tsx';
import { groupVerbs, type Verb } from '#console/verb.ts';
import type { ConsoleHost } from '#state/console-host.ts';

/** Shows the console's menus as the desktop's own, and performs what is picked there. */
export function showNativeMenus(host: ConsoleHost): (menus: readonly TopMenu[], perform: Perform) => void {
  let shown = '';
  let current: readonly TopMenu[] = [];
  let run: Perform | undefined;
  host.onCommand((id) => {
    const verb = current.flatMap(({ verbs }) => verbs).find((candidate) => candidate.id === id);
    if (verb !== undefined) run?.(verb);
  });
  return (menus, perform) => {
    current = menus;
    run = perform;
    const text = JSON.stringify(menus.map(({ label, verbs }) => ({ label, items: itemsOf(verbs) })));
    if (text === shown) return;
    shown = text;
    host.showMenus(text);
  };
}

type Perform = (verb: Verb) => void;

function itemsOf(verbs: readonly Verb[]) {
  return groupVerbs(verbs).flatMap((group, index) => [
    ...(index === 0 ? [] : ['']),
    ...group.map(({ id, label, shortcut, disabled, checked }) => ({
      id,
      label,
      enabled: disabled === undefined,
      ...(shortcut === undefined ? {} : { key: shortcut.replace(/Arrow(?=\w+$)/, '') }),
      ...(checked === undefined ? {} : { checked }),
    })),
  ]);
}
