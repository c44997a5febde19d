import { createFilterStore } from '../changes/change-filter.ts';

/** What the live list is narrowed to. */
export const liveFilter = createFilterStore();
