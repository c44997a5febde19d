import { BerReader } from '../ber-reader.ts';
import { berTag } from '../ber-tag.ts';
import { BerWriter } from '../ber-writer.ts';
import type { LdapControl } from '../ldap-control.ts';

const oid = '1.2.840.113556.1.4.319';

/** Simple paged results (RFC 2696). */
export function pagedResults(size: number, cookie: Uint8Array | undefined): LdapControl {
  const writer = new BerWriter();
  const value = writer.start();
  writer.integer(size);
  writer.bytes(cookie ?? new Uint8Array(0));
  writer.end(value);
  return { oid, critical: true, value: writer.finish() };
}

/** The cookie of the next page; undefined after the last. */
export function nextPage(controls: readonly LdapControl[]): Uint8Array | undefined {
  const value = controls.find((control) => control.oid === oid)?.value;
  if (value === undefined) return undefined;
  const reader = new BerReader(value).enter(berTag.sequence);
  reader.integer(berTag.integer);
  const cookie = reader.bytes(berTag.octetString);
  return cookie.length === 0 ? undefined : cookie.slice();
}
