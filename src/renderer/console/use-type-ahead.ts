import { useRef } from 'react';

/** Letters typed within a second belong together. */
const pause = 1000;

/**
 * Finds the next item whose text starts with what is being typed; repeating one letter steps through its items. A space
 * belongs to a name that has begun, and is nothing before.
 */
export function useTypeAhead() {
  const typed = useRef({ text: '', at: 0 });
  const isTyping = (): boolean => typed.current.text !== '' && performance.now() - typed.current.at <= pause;
  const find = <Item>(
    key: string,
    items: readonly Item[],
    current: number,
    textOf: (item: Item) => string,
  ) => {
    const now = performance.now();
    const text = now - typed.current.at > pause ? key : typed.current.text + key;
    const same = [...text].every((letter) => letter === text[0]);
    typed.current = { text, at: now };
    const wanted = (same ? text.slice(0, 1) : text).toLocaleLowerCase();
    const start = same ? current + 1 : current;
    const ordered = [...items.slice(start), ...items.slice(0, start)];
    return ordered.find((item) => textOf(item).toLocaleLowerCase().startsWith(wanted));
  };
  return { isTyping, find };
}
