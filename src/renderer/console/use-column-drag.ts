import { type PointerEvent, type RefObject, useRef, useState } from 'react';

/** The pointer moves this far before a press becomes a drag, pixels. */
const threshold = 5;

export interface ColumnDrag {
  /** The row of headings; its cells are the places. */
  readonly row: RefObject<HTMLDivElement | null>;
  /** What is dragged now, and in front of which place it would land. */
  readonly at: { readonly id: string; readonly place: number } | undefined;
  begin(id: string, event: PointerEvent<HTMLElement>): void;
  /** Whether the click that is heard now only let go of a heading. */
  justEnded(): boolean;
}

/** Dragging one heading before another. Esc, or letting go where it was, changes nothing. */
export function useColumnDrag(onMove: (id: string, place: number) => void): ColumnDrag {
  const row = useRef<HTMLDivElement>(null);
  const ended = useRef(false);
  const [at, setAt] = useState<ColumnDrag['at']>();

  const begin = (id: string, event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    const start = event.clientX;
    const over = new AbortController();
    const { signal } = over;
    let place: number | undefined;
    const move = (to: globalThis.PointerEvent): void => {
      if (place === undefined && Math.abs(to.clientX - start) < threshold) return;
      place = placeOf(row.current, to.clientX);
      setAt({ id, place });
    };
    const end = (keep: boolean): void => {
      over.abort();
      setAt(undefined);
      if (place === undefined) return;
      ended.current = true;
      // The click, if there is one, follows the release at once.
      setTimeout(() => {
        ended.current = false;
      });
      if (keep) onMove(id, place);
    };
    addEventListener('pointermove', move, { signal });
    addEventListener('pointerup', () => end(true), { signal });
    addEventListener('pointercancel', () => end(false), { signal });
    const cancel = (key: KeyboardEvent): void => {
      if (key.key === 'Escape') end(false);
    };
    addEventListener('keydown', cancel, { signal });
  };

  return {
    row,
    at,
    begin,
    justEnded: () => ended.current,
  };
}

/** In front of which heading `x` lies: beyond the middle of one it is in front of the next. Never before the first. */
function placeOf(row: HTMLElement | null, x: number): number {
  const cells = [...(row?.querySelectorAll<HTMLElement>('[role=columnheader]') ?? [])];
  const place = cells.findIndex((cell) => {
    const { left, width } = cell.getBoundingClientRect();
    return x < left + width / 2;
  });
  return place === -1 ? cells.length : Math.max(1, place);
}
