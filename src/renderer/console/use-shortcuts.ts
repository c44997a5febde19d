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

/**
 * Runs the verb whose shortcut is pressed, unless a dialog or a menu has the keyboard, or text is being typed. Help is
 * there always; and a function key of the console never does there what a browser would: F5 would load the page anew,
 * and what is entered would be lost.
 */
export function useShortcuts(verbs: readonly Verb[], perform: (verb: Verb) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const name = keyName(event);
      const elsewhere = hasKeyboardElsewhere(event.target);
      if (elsewhere && !/^F\d+$/.test(name)) return;
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (typing && !/^(F\d+|Ctrl\+|Alt\+)/.test(name)) return;
      const verb = verbs.find((candidate) => candidate.shortcut === name && candidate.disabled === undefined);
      if (verb === undefined) return;
      event.preventDefault();
      if (!elsewhere || name === 'F1') perform(verb);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [verbs, perform]);
}

function hasKeyboardElsewhere(target: EventTarget | null): boolean {
  if (document.querySelector('[aria-modal=true],[role=menu]') !== null) return true;
  // A property sheet beside the console has its own keys.
  return target instanceof Element && target.closest('[role=dialog]') !== null;
}
