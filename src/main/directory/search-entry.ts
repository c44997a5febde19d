import type { LdapControl } from './ldap-control.ts';

/** One entry of a search; attribute names are lower-case and keep their options. */
export interface SearchEntry {
  readonly kind: 'entry';
  readonly dn: string;
  readonly attributes: ReadonlyMap<string, readonly Uint8Array[]>;
  /** Controls that came with the entry, such as its synchronization state. */
  readonly controls: readonly LdapControl[];
}

/** An entry as it was sent, for whoever asked for that; `EntryCursor` reads it. */
export interface EncodedEntry {
  readonly kind: 'encoded';
  /** Distinguished name and attributes (RFC 4511 4.5.2), each character a byte. */
  readonly body: string;
}

export interface SearchReference {
  readonly kind: 'reference';
  readonly uris: readonly string[];
}

/** An answer between answers, such as syncInfo (RFC 4533 2.5). */
export interface IntermediateResponse {
  readonly kind: 'intermediate';
  readonly oid: string;
  readonly value: Uint8Array | undefined;
}

export type SearchItem = SearchEntry | EncodedEntry | SearchReference | IntermediateResponse;

const utf8 = new TextDecoder();

export function bytesOf(entry: SearchEntry, attribute: string): Uint8Array | undefined {
  return entry.attributes.get(attribute.toLowerCase())?.[0];
}

export function textOf(entry: SearchEntry, attribute: string): string | undefined {
  const value = bytesOf(entry, attribute);
  return value === undefined ? undefined : utf8.decode(value);
}

export function textsOf(entry: SearchEntry, attribute: string): readonly string[] {
  return (entry.attributes.get(attribute.toLowerCase()) ?? []).map((value) => utf8.decode(value));
}
