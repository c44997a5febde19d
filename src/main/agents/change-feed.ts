import type { LdapConnection } from '#directory/ldap-connection.ts';
import type { ImportItem } from '#identity/import-source.ts';
import type { Partition } from '#shared/model/agent.ts';
import type { DirectoryTraits } from './directory-traits.ts';
import type { EntryReader } from './entry-reader.ts';

/** One signed-in connection and what is being read over it. */
export interface ImportContext {
  readonly connection: LdapConnection;
  readonly partition: Partition;
  readonly traits: DirectoryTraits;
  readonly reader: EntryReader;
  /** RFC 4515 filter of the objects to import. */
  readonly filter: string;
  readonly pageSize: number;
  /** Milliseconds per answer. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** An entry by its anchor, or by its DN where the feed knows no more. */
export type EntryName = { readonly anchor: string } | { readonly dn: string };

/** A piece of what a feed has to tell. */
export interface FeedPage {
  /** Complete already. */
  readonly items?: readonly ImportItem[];
  /** To be read as they are now; gone where they cannot be read. */
  readonly changed?: readonly EntryName[];
  /** Containers that may have a new name, and with them everything below. */
  readonly containers?: readonly string[];
  readonly watermark?: string;
  /** What the whole feed did not name exists no more. */
  readonly complete?: boolean;
  /** What this way of learning changes leaves out. */
  readonly note?: string;
}

/** Learns what has changed in a directory since a position. */
export interface ChangeFeed {
  /** Where a feed that starts now would go on later; taken before a full import reads its first entry. */
  position(context: ImportContext): Promise<string>;
  /** Throws `ImportFailure` `no-start-full-import-required` for a position that the server takes no more. */
  changes(context: ImportContext, watermark: string): AsyncIterable<FeedPage>;
}
