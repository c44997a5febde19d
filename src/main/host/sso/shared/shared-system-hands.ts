import type { ServerReport } from './server-report.ts';

/** What this server says to the others, and what becomes of what they say. */
export interface SharedSystemHands {
  readonly describe: () => Omit<ServerReport, 'pollInterval'>;
  /** Credentials of an application are to be forgotten; of all where absent. */
  readonly purge: (application?: string) => void;
  readonly definitions: () => void;
  /** Something waits for an adapter; perhaps for any where absent. */
  readonly queue: (adapter?: string) => void;
  readonly resetCounts: () => void;
  /** The database is there again after it was away. */
  readonly back: () => void;
  /** After each poll. */
  readonly polled: () => void;
  readonly changed: () => void;
}
