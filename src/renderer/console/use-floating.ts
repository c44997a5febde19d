import {
  type CSSProperties,
  type PointerEvent,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';

/** How far the next of several sheets lies below and beside the one before, pixels. */
const cascade = 24;

/** Above the panes, below menus and toasts; the sheet that was used last lies on top. */
let topmost = 1000;

export interface Floating {
  readonly surface: RefObject<HTMLDivElement | null>;
  readonly style: CSSProperties;
  /** For the title: the window is moved by it. */
  onPointerDown(event: PointerEvent<HTMLElement>): void;
  onFocusCapture(): void;
}

/** Place of a modeless window: moved by its title, in front while it is used, and one for each object. */
export function useFloating(title: string, onClose: () => void): Floating {
  const surface = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState(() => {
    const others = document.querySelectorAll('[role=dialog]').length;
    return { x: others * cascade, y: others * cascade };
  });
  const [layer, setLayer] = useState(() => ++topmost);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens and before it is seen
  useLayoutEffect(() => {
    const same = [...document.querySelectorAll<HTMLElement>('[role=dialog]')].find(
      (other) => other !== surface.current && other.getAttribute('aria-label') === title,
    );
    if (same === undefined) return;
    onClose();
    // After the focus has gone back to the opener, as it does whenever a dialog closes.
    setTimeout(() => same.querySelector<HTMLElement>('input, select, textarea, [role=tab]')?.focus());
  }, []);

  return {
    surface,
    style: { translate: `${place.x}px ${place.y}px`, zIndex: layer },
    onPointerDown(event) {
      if (event.button !== 0) return;
      event.preventDefault();
      const handle = event.currentTarget;
      const start = { x: event.clientX - place.x, y: event.clientY - place.y };
      const room = { x: window.innerWidth / 2 - 60, y: window.innerHeight / 2 - 40 };
      const within = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value));
      handle.setPointerCapture(event.pointerId);
      const move = (to: globalThis.PointerEvent): void =>
        setPlace({ x: within(to.clientX - start.x, room.x), y: within(to.clientY - start.y, room.y) });
      handle.addEventListener('pointermove', move);
      handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), {
        once: true,
      });
    },
    onFocusCapture() {
      if (layer !== topmost) setLayer(++topmost);
    },
  };
}
