import { createStore, type StoreApi } from 'zustand/vanilla';

import type { ListLayout } from './list-layout.ts';
import { parentPath } from './node-path.ts';

/** Nodes that Back goes through, at most. */
const pastLimit = 50;

/** What a console remembers per user: window arrangement and lists, nothing of their contents. */
export interface Arrangement {
  readonly treeWidth: number;
  readonly actionsWidth: number;
  readonly treeShown: boolean;
  readonly actionsShown: boolean;
  readonly expanded: readonly string[];
  readonly selected: string;
  readonly layouts: Readonly<Record<string, ListLayout>>;
  /** Path of the node that the tree begins with. */
  readonly root: string;
}

/** What a console file holds: the tree and the lists, without the window around them. */
export type ConsoleView = Pick<Arrangement, 'expanded' | 'selected' | 'layouts' | 'root'>;

export interface ConsoleState extends Arrangement {
  /** Nodes that were shown before, the latest last, and those that Back has left. */
  readonly past: readonly string[];
  readonly future: readonly string[];
  /** Quick filter by node path; gone with the window. */
  readonly filters: Readonly<Record<string, string>>;
  /** Pixels that a list has for its columns; no bound before the first list is drawn. */
  readonly listRoom: number;
  select(path: string): void;
  /** Selects a node that may lie in a closed branch. */
  reveal(path: string): void;
  back(): void;
  forward(): void;
  show(view: ConsoleView): void;
  toggle(path: string, open?: boolean): void;
  setLayout(path: string, layout: ListLayout | undefined): void;
  setFilter(path: string, filter: string): void;
  setListRoom(room: number): void;
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
    root,
    ...keeper.load(),
    past: [],
    future: [],
    filters: {},
    listRoom: Number.POSITIVE_INFINITY,
    select: (path) => set((state) => goTo(state, path)),
    reveal: (path) => set((state) => ({ ...goTo(state, path), expanded: openAbove(state.expanded, path) })),
    back: () =>
      set(({ past, future, selected, expanded }) => {
        const path = past.at(-1);
        if (path === undefined) return {};
        return {
          selected: path,
          past: past.slice(0, -1),
          future: [...future, selected],
          expanded: openAbove(expanded, path),
        };
      }),
    forward: () =>
      set(({ past, future, selected, expanded }) => {
        const path = future.at(-1);
        if (path === undefined) return {};
        return {
          selected: path,
          past: [...past, selected],
          future: future.slice(0, -1),
          expanded: openAbove(expanded, path),
        };
      }),
    show: (view) => set({ ...view, past: [], future: [] }),
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
    setListRoom: (listRoom) => set({ listRoom }),
    arrange: (change) => set(change),
  }));
  store.subscribe(
    ({ treeWidth, actionsWidth, treeShown, actionsShown, expanded, selected, layouts, root: top }) =>
      keeper.save({
        treeWidth,
        actionsWidth,
        treeShown,
        actionsShown,
        expanded,
        selected,
        layouts,
        root: top,
      }),
  );
  return store;
}

function goTo({ selected, past }: ConsoleState, path: string): Partial<ConsoleState> {
  if (path === selected) return {};
  return { selected: path, past: [...past, selected].slice(-pastLimit), future: [] };
}

/** Opens every node above `path`. */
function openAbove(expanded: readonly string[], path: string): readonly string[] {
  const missing: string[] = [];
  for (let above = parentPath(path); above !== undefined; above = parentPath(above))
    if (!expanded.includes(above)) missing.push(above);
  return missing.length === 0 ? expanded : [...expanded, ...missing];
}
