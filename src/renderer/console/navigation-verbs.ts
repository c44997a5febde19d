import type { ConsoleState } from './console-store.ts';
import { parentPath } from './node-path.ts';
import type { Verb } from './verb.ts';

/** Back, Forward and Up, as the left end of MMC's toolbar has them. */
export function navigationVerbs(state: ConsoleState): readonly Verb[] {
  const parent = state.selected === state.root ? undefined : parentPath(state.selected);
  return [
    {
      id: 'back',
      label: 'Back',
      slot: 'view',
      icon: 'back',
      shortcut: 'Alt+ArrowLeft',
      accessKey: 'b',
      ...(state.past.length === 0 ? { disabled: 'Nothing was shown before' } : {}),
      run: state.back,
    },
    {
      id: 'forward',
      label: 'Forward',
      slot: 'view',
      icon: 'forward',
      shortcut: 'Alt+ArrowRight',
      accessKey: 'f',
      ...(state.future.length === 0 ? { disabled: 'Back was not used' } : {}),
      run: state.forward,
    },
    {
      id: 'up',
      label: 'Up One Level',
      slot: 'view',
      icon: 'up',
      shortcut: 'Alt+ArrowUp',
      accessKey: 'u',
      ...(parent === undefined ? { disabled: 'The tree begins here' } : {}),
      run: () => {
        if (parent !== undefined) state.select(parent);
      },
    },
  ];
}
