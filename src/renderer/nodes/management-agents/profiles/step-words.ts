import type { RunStepType } from '#shared/model/run-profile.ts';

/** Step types by their labels in Identity Manager. */
export const stepWords: Readonly<Record<RunStepType, string>> = {
  'delta-import-stage-only': 'Delta Import (Stage Only)',
  'full-import-stage-only': 'Full Import (Stage Only)',
  'full-import-delta-sync': 'Full Import and Delta Synchronization',
  'full-import-full-sync': 'Full Import and Full Synchronization',
  'delta-import-delta-sync': 'Delta Import and Delta Synchronization',
  'delta-sync': 'Delta Synchronization',
  'full-sync': 'Full Synchronization',
  export: 'Export',
};
