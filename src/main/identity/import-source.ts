import type { Partition } from '#shared/model/agent.ts';

/** An object as the connected directory shows it; values are text, binary ones base64. */
export interface ImportedObject {
  /** Immutable name: objectGUID, entryUUID or nsUniqueId in lower-case text form, or the DN where there is none. */
  readonly anchor: string;
  readonly dn: string;
  readonly objectType: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

export type ImportItem =
  | { readonly kind: 'object'; readonly object: ImportedObject }
  /** Delta only: named by its anchor, or by its last DN where the directory tells no more. */
  | { readonly kind: 'deleted'; readonly anchor?: string; readonly dn?: string };

/** One page of an import. `watermark` is where a later delta import goes on; it comes with the last page. */
export interface ImportPage {
  readonly items: readonly ImportItem[];
  readonly watermark?: string;
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
  fullImport(partition: Partition, options: ImportOptions): AsyncIterable<ImportPage>;
  deltaImport(partition: Partition, watermark: string, options: ImportOptions): AsyncIterable<ImportPage>;
  /** One object as it is now; undefined where it does not exist or lies outside the partition's scope. */
  fetchObject(partition: Partition, anchor: string, signal: AbortSignal): Promise<ImportedObject | undefined>;
  testConnection(signal: AbortSignal): Promise<readonly ConnectionStep[]>;
}
