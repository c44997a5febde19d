import { type RefObject, useLayoutEffect, useState } from 'react';

/** Drawn above and below the visible part, so that a wheel step shows no gap. */
const margin = 8;

export interface VirtualRows {
  readonly first: number;
  /** One past the last drawn row. */
  readonly end: number;
  /** Of what is seen of the list, pixels; none before it is drawn. */
  readonly width: number;
  /** How many rows fit, for Page Up and Page Down. */
  readonly page: number;
  /** At most this many rows are drawn at once: a row's index modulo this names the element that it takes over. */
  readonly pool: number;
  scrollTo(index: number): void;
}

/** Which rows of a long list need to be drawn; all have the same height. */
export function useVirtualRows(
  viewport: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  headerHeight: number,
): VirtualRows {
  const [window, setWindow] = useState({ first: 0, page: 40, width: 0 });

  useLayoutEffect(() => {
    const element = viewport.current;
    if (element === null) return;
    const measure = (): void => {
      const first = Math.floor(element.scrollTop / rowHeight);
      const page = Math.max(1, Math.floor((element.clientHeight - headerHeight) / rowHeight));
      const width = element.clientWidth;
      setWindow((old) =>
        old.first === first && old.page === page && old.width === width ? old : { first, page, width },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [viewport, rowHeight, headerHeight]);

  return {
    first: Math.max(0, Math.min(window.first - margin, count)),
    end: Math.min(count, window.first + window.page + margin + 1),
    width: window.width,
    page: window.page,
    pool: window.page + 2 * margin + 2,
    scrollTo: (index) => {
      const element = viewport.current;
      if (element === null) return;
      const top = index * rowHeight;
      const room = element.clientHeight - headerHeight - rowHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top > element.scrollTop + room) element.scrollTop = top - room;
    },
  };
}
