import { BerReader } from '../ber-reader.ts';
import { berTag } from '../ber-tag.ts';
import { BerWriter } from '../ber-writer.ts';
import type { LdapControl } from '../ldap-control.ts';

const oid = '1.2.840.113556.1.4.841';
/** Only objects that the caller may read; without it the right to replicate is needed (MS-ADTS 3.1.1.3.4.1.3). */
const objectSecurity = 1;
/** No limit of attribute bytes: the server's own holds. */
const noLimit = 0x7fffffff;

export interface DirSyncState {
  /** Whether more waits behind this page. */
  readonly more: boolean;
  readonly cookie: Uint8Array;
}

/** DirSync: what changed in a naming context since the cookie (MS-ADTS 3.1.1.3.4.1.3). */
export function dirSync(
  cookie: Uint8Array | undefined,
  options: { readonly asSystem?: boolean } = {},
): LdapControl {
  const writer = new BerWriter();
  const value = writer.start();
  writer.integer(options.asSystem === true ? 0 : objectSecurity);
  writer.integer(noLimit);
  writer.bytes(cookie ?? new Uint8Array(0));
  writer.end(value);
  return { oid, critical: true, value: writer.finish() };
}

/** The state that a DirSync search ended with; undefined where the server gave none. */
export function dirSyncState(controls: readonly LdapControl[]): DirSyncState | undefined {
  const value = controls.find((control) => control.oid === oid)?.value;
  if (value === undefined) return undefined;
  const reader = new BerReader(value).enter(berTag.sequence);
  const more = reader.integer(berTag.integer) !== 0;
  reader.integer(berTag.integer);
  return { more, cookie: reader.bytes(berTag.octetString).slice() };
}
