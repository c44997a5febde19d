import { useMemo } from 'react';

import type { ListData } from '#console/scope-node.ts';
import type { AdapterState } from '#shared/contract/adapters.ts';
import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import type { SsoPasswordFilter } from '#shared/model/sso-password-filter.ts';
import { useReading } from '#state/use-reading.ts';

import { useTurns } from './use-turns.ts';

/** One entry of Password Management. */
export type ManagedRow =
  | {
      readonly kind: 'adapter';
      readonly name: string;
      readonly adapter: SsoAdapter;
      readonly applications: readonly string[];
      readonly members: readonly string[];
      /** Undefined until it is known. */
      readonly state: AdapterState | undefined;
    }
  | {
      readonly kind: 'filter';
      readonly name: string;
      readonly filter: SsoPasswordFilter;
      readonly applications: readonly string[];
    };

/** Adapters, group adapters and password filters, with how they stand. */
export function useManagedRows(): ListData<ManagedRow> {
  const turn = useTurns();
  const adapters = useReading('sso.adapters', {}, ['sso.changed']);
  const board = useReading('adapters.state', {}, ['sso.changed'], turn);
  const filters = useReading('sso.filters', {}, ['sso.changed']);
  const applications = useReading('sso.applications', {}, ['sso.changed']);
  const rows = useMemo((): readonly ManagedRow[] => {
    const using = (filter: string): readonly string[] =>
      (applications.value ?? [])
        .filter(({ passwordFilter }) => passwordFilter?.toLowerCase() === filter.toLowerCase())
        .map(({ name }) => name);
    return [
      ...(adapters.value ?? []).map((row) => ({
        kind: 'adapter' as const,
        name: row.adapter.name,
        ...row,
        state: board.value?.adapters.find(({ name }) => name === row.adapter.name),
      })),
      ...(filters.value ?? []).map((filter) => ({
        kind: 'filter' as const,
        name: filter.name,
        filter,
        applications: using(filter.name),
      })),
    ];
  }, [adapters.value, board.value, filters.value, applications.value]);
  // Filters are shown to administrators of applications; who has only an adapter sees that.
  const { problem } = adapters;
  return { rows, loading: adapters.loading, ...(problem && { problem }) };
}
