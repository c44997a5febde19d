/** How a run or one of its steps ended (MS-UPSDBDAP 2.2.1.1). */
export const runResults = [
  'in-progress',
  'success',
  'completed-no-objects',
  'completed-warnings',
  'completed-discovery-errors',
  'completed-sync-errors',
  'completed-export-errors',
  'no-start-credentials',
  'no-start-connection',
  'no-start-server',
  'no-start-ma',
  'no-start-full-import-required',
  'no-start-bad-ma-configuration',
  'no-start-partition-not-configured',
  'no-start-no-steps-in-profile',
  'no-start-change-log-not-enabled',
  'no-start-delta-step-type-not-configured',
  'no-start-file-not-found',
  'no-start-file-access-denied',
  'no-start-header-row-mismatch',
  'no-start-database-permission',
  'no-start-database-table',
  'no-start-database-schema-mismatch',
  'stopped-change-log-out-of-order',
  'stopped-connectivity',
  'stopped-server-down',
  'stopped-bad-server-credentials',
  'stopped-import-read',
  'stopped-export-write',
  'stopped-unexpected-data',
  'stopped-user-termination-from-wmi-or-ui',
  'stopped-service-shutdown',
  'stopped-object-limit',
  'stopped-deletion-limit',
  'stopped-error-limit',
  'stopped-database-disk-full',
  'stopped-server',
  'stopped-ma',
  'stopped-file-error',
  'stopped-parsing-errors',
  'stopped-code-page-conversion',
  'stopped-database-connection-lost',
  'stopped-entry-point-not-implemented',
  'stopped-extensible-extension-error',
  'stopped-extension-dll-file-not-found',
  'stopped-extension-dll-access',
  'stopped-extension-dll-exception',
  'stopped-ma-extension-timeout',
] as const;
export type RunResult = (typeof runResults)[number];

/** Whether the step did all of its work, perhaps with errors on single objects; only then does the next one run. */
export function isCompleted(result: RunResult): boolean {
  return result === 'success' || result.startsWith('completed-');
}

/** What a run amounts to: the result that ended it early, or else the worst of its completed steps. */
export function worstResult(results: readonly RunResult[]): RunResult {
  const order: readonly RunResult[] = [
    'completed-export-errors',
    'completed-sync-errors',
    'completed-discovery-errors',
    'completed-warnings',
    'success',
    'completed-no-objects',
  ];
  return (
    results.find((result) => !isCompleted(result)) ??
    order.find((result) => results.includes(result)) ??
    'no-start-no-steps-in-profile'
  );
}
