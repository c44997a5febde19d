import { type RefObject, useEffect, useRef } from 'react';

/**
 * Gives the focus to the button that does no harm, so that Enter does none. The dialog itself goes for its first
 * control when it opens, past `autoFocus`; this comes after it.
 */
export function useSafeFocus(): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const frame = requestAnimationFrame(() => button.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  return button;
}
