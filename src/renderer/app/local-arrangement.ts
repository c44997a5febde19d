import type { Arrangement, ArrangementKeeper } from '#console/console-store.ts';

const key = 'carillon.arrangement';

function load(): Partial<Arrangement> | undefined {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as Partial<Arrangement>);
  } catch {
    return undefined;
  }
}

/**
 * Keeps the arrangement in the browser's storage; what does not parse is left behind. A window that begins at a node
 * shares widths and columns with the others, and leaves their tree alone.
 */
export function localArrangement(root?: string): ArrangementKeeper {
  return {
    load: () => {
      const kept = load();
      if (root === undefined) return kept;
      return { ...kept, root, selected: root, expanded: [...(kept?.expanded ?? []), root] };
    },
    save: (arrangement) => {
      const kept = root === undefined ? undefined : load();
      const tree = kept && { root: kept.root, selected: kept.selected, expanded: kept.expanded };
      localStorage.setItem(key, JSON.stringify({ ...arrangement, ...tree }));
    },
  };
}
