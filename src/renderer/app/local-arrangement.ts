import type { Arrangement, ArrangementKeeper } from '#console/console-store.ts';

const key = 'carillon.arrangement';

/** Keeps the arrangement in the browser's storage; what does not parse is left behind. */
export const localArrangement: ArrangementKeeper = {
  load: () => {
    try {
      const text = localStorage.getItem(key);
      return text === null ? undefined : (JSON.parse(text) as Partial<Arrangement>);
    } catch {
      return undefined;
    }
  },
  save: (arrangement) => localStorage.setItem(key, JSON.stringify(arrangement)),
};
