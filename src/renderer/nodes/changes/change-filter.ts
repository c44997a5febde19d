import { createStore, type StoreApi } from 'zustand/vanilla';

import type { HistoryRow } from '#shared/contract/changes.ts';

/** What a list of changes is narrowed to; empty texts narrow nothing. */
export interface ChangeFilter {
  /** Part of an account. */
  readonly person: string;
  /** Id of a management agent. */
  readonly target: string;
  readonly outcome: HistoryRow['outcome'] | '';
}

export const everything: ChangeFilter = { person: '', target: '', outcome: '' };

export function createFilterStore(): StoreApi<ChangeFilter> {
  return createStore<ChangeFilter>(() => everything);
}

/** Whether one target's part of a change passes. */
export function passes(
  filter: ChangeFilter,
  row: { readonly account: string; readonly agent?: string; readonly outcome?: string | undefined },
): boolean {
  return (
    row.account.toLowerCase().includes(filter.person.trim().toLowerCase()) &&
    (filter.target === '' || row.agent === filter.target) &&
    (filter.outcome === '' || row.outcome === filter.outcome)
  );
}
