import { useEffect } from 'react';

import type { Verb } from './verb.ts';

/** The key of an event in the form that verbs use: `Ctrl+Shift+P`, `Alt+Enter`, `F5`. */
export function keyName(event: KeyboardEvent): string {
  const parts = [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey ? 'Shift' : '',
    event.key.length === 1 ? event.key.toUpperCase() : event.key,
  ];
  return parts.filter(Boolean).join('+');
}

/** Runs the verb whose shortcut is pressed, unless a dialog or a menu has the keyboard, or text is being typed. */
export function useShortcuts(verbs: readonly Verb[], perform: (verb: Verb) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('[aria-modal=true],[role=menu]')) return;
      // A property sheet beside the console has its own keys.
      if (event.target instanceof Element && event.target.closest('[role=dialog]') !== null) return;
      const name = keyName(event);
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (typing && !/^(F\d+|Ctrl\+|Alt\+)/.test(name)) return;
      const verb = verbs.find((candidate) => candidate.shortcut === name && candidate.disabled === undefined);
      if (verb === undefined) return;
      event.preventDefault();
      perform(verb);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [verbs, perform]);
}
