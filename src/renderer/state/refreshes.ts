import { createStore } from 'zustand/vanilla';

/** Counts what F5 asks for; every reading follows it. */
export const refreshes = createStore(() => ({ count: 0 }));

export function refreshAll(): void {
  refreshes.setState(({ count }) => ({ count: count + 1 }));
}
