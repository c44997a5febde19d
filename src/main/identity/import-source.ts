import type { Partition } from '#shared/model/agent.ts';

import type { RunErrorWord } from './run-error.ts';

/** Attribute names as the agent's rules spell them, with all their values; binary ones base64. */
export type Attributes = Readonly<Record<string, readonly string[]>>;

/** An object as the connected directory shows it. */
export interface ImportedObject {
  /** Immutable name: objectGUID, entryUUID or nsUniqueId in lower-case text form, or the DN where there is none. */
  readonly anchor: string;
  readonly dn: string;
  readonly objectType: string;
  readonly attributes: Attributes;
}

export type ImportItem =
  | { readonly kind: 'object'; readonly object: ImportedObject }
  /** Delta only: still there and unchanged. */
  | { readonly kind: 'present'; readonly anchor: string }
  /** Delta only: named by its anchor, or by its last DN where the directory tells no more. */
  | { readonly kind: 'deleted'; readonly anchor?: string; readonly dn?: string }
  /** Cannot be staged: a discovery error of the run. */
  | {
      readonly kind: 'unreadable';
      readonly word: RunErrorWord;
      readonly dn: string;
      readonly detail: string;
    };

/** One page of an import. */
export interface ImportPage {
  readonly items: readonly ImportItem[];
  /** Where a later delta import goes on; comes with the last page. */
  readonly watermark?: string;
  /** Delta only, with the last page: what this import did not name exists no more. */
  readonly complete?: boolean;
  /** With the last page: what this directory cannot tell, for the run's record. */
  readonly note?: string;
}

export interface ImportOptions {
  /** Objects per page. */
  readonly pageSize: number;
  /** Time limit of one page, milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** One step of a connection test, in the order tried; the first that fails is the last. */
export interface ConnectionStep {
  readonly name: 'resolve' | 'connect' | 'tls' | 'bind' | 'base' | 'read' | 'password-rights';
  readonly ok: boolean;
  readonly ms: number;
  readonly detail?: string;
  readonly fix?: string;
}

/**
 * The reading half of a management agent. Throws `ImportFailure` with the run result to record
 * (no-start-connection, no-start-credentials, no-start-full-import-required, stopped-connectivity ...).
 */
export interface ImportSource {
  /** Every object of the partition; whoever iterates to the end has seen all of them. */
  fullImport(partition: Partition, options: ImportOptions): AsyncIterable<ImportPage>;
  deltaImport(partition: Partition, watermark: string, options: ImportOptions): AsyncIterable<ImportPage>;
  /** One object as it is now; undefined where it does not exist or lies outside the partition's scope. */
  fetchObject(partition: Partition, anchor: string, signal: AbortSignal): Promise<ImportedObject | undefined>;
  testConnection(signal: AbortSignal): Promise<readonly ConnectionStep[]>;
}
