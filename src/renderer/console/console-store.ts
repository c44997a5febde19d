import { createStore, type StoreApi } from 'zustand/vanilla';

import type { ListLayout } from './list-layout.ts';

/** What a console remembers per user: window arrangement and lists, nothing of their contents. */
export interface Arrangement {
  readonly treeWidth: number;
  readonly actionsWidth: number;
  readonly treeShown: boolean;
  readonly actionsShown: boolean;
  readonly expanded: readonly string[];
  readonly selected: string;
  readonly layouts: Readonly<Record<string, ListLayout>>;
}

export interface ConsoleState extends Arrangement {
  /** Quick filter by node path; gone with the window. */
  readonly filters: Readonly<Record<string, string>>;
  select(path: string): void;
  toggle(path: string, open?: boolean): void;
  setLayout(path: string, layout: ListLayout | undefined): void;
  setFilter(path: string, filter: string): void;
  arrange(
    change: Partial<Pick<Arrangement, 'treeWidth' | 'actionsWidth' | 'treeShown' | 'actionsShown'>>,
  ): void;
}

export type ConsoleStore = StoreApi<ConsoleState>;

/** Where an arrangement is kept between sessions. */
export interface ArrangementKeeper {
  load(): Partial<Arrangement> | undefined;
  save(arrangement: Arrangement): void;
}

export function createConsoleStore(root: string, keeper: ArrangementKeeper): ConsoleStore {
  const store = createStore<ConsoleState>()((set) => ({
    treeWidth: 232,
    actionsWidth: 196,
    treeShown: true,
    actionsShown: true,
    expanded: [root],
    selected: root,
    layouts: {},
    ...keeper.load(),
    filters: {},
    select: (selected) => set({ selected }),
    toggle: (path, open) =>
      set(({ expanded }) => {
        const is = expanded.includes(path);
        if (is === (open ?? !is)) return {};
        return { expanded: is ? expanded.filter((other) => other !== path) : [...expanded, path] };
      }),
    setLayout: (path, layout) =>
      set(({ layouts }) => {
        const { [path]: _, ...others } = layouts;
        return { layouts: layout === undefined ? others : { ...others, [path]: layout } };
      }),
    setFilter: (path, filter) => set(({ filters }) => ({ filters: { ...filters, [path]: filter } })),
    arrange: (change) => set(change),
  }));
  store.subscribe(({ treeWidth, actionsWidth, treeShown, actionsShown, expanded, selected, layouts }) =>
    keeper.save({ treeWidth, actionsWidth, treeShown, actionsShown, expanded, selected, layouts }),
  );
  return store;
}
