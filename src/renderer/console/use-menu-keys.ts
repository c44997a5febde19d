import { type RefObject, useCallback, useEffect, useRef } from 'react';

/**
 * The keys of a Windows menu bar: F10 or Alt alone leads to it and back, Alt with the first letter of a menu opens that
 * menu. Returns what gives the focus back to where it was.
 */
export function useMenuKeys(bar: RefObject<HTMLElement | null>): () => void {
  const before = useRef<Element | null>(null);

  const leave = useCallback(() => {
    if (before.current instanceof HTMLElement) before.current.focus();
  }, []);

  useEffect(() => {
    // Alt counts when it comes up with nothing pressed meanwhile.
    let alone = false;
    const items = (): HTMLElement[] => [
      ...(bar.current?.querySelectorAll<HTMLElement>(':scope > button') ?? []),
    ];
    const isElsewhere = (): boolean =>
      document.querySelector('[aria-modal=true],[role=alertdialog],[role=menu]') !== null;
    const enter = (item: HTMLElement | undefined): void => {
      if (!bar.current?.contains(document.activeElement)) before.current = document.activeElement;
      item?.focus();
    };
    const toggle = (): void => {
      if (bar.current?.contains(document.activeElement)) leave();
      else enter(items()[0]);
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      alone = event.key === 'Alt' && !event.repeat;
      if (event.defaultPrevented || isElsewhere()) return;
      if (event.key === 'F10' && !event.shiftKey) {
        event.preventDefault();
        toggle();
      } else if (event.altKey && !event.ctrlKey && event.key.length === 1) {
        const item = items().find(({ textContent }) =>
          textContent?.toLowerCase().startsWith(event.key.toLowerCase()),
        );
        if (item === undefined || event.target instanceof HTMLInputElement) return;
        event.preventDefault();
        enter(item);
        item.click();
      }
    };
    const onKeyUp = (event: KeyboardEvent): void => {
      if (event.key !== 'Alt' || !alone || isElsewhere()) return;
      event.preventDefault();
      toggle();
    };
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('keyup', onKeyUp);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('keyup', onKeyUp);
    };
  }, [bar, leave]);

  return leave;
}
