import type { LdapConnection } from '#directory/ldap-connection.ts';
import type { LdapControl } from '#directory/ldap-control.ts';
import { bytesOf } from '#directory/search-entry.ts';

import { toGuidText } from '../directory-anchor.ts';

/** User-Force-Change-Password, "Reset password" (MS-ADTS 5.1.3.2.1). */
const resetPassword = '00299570-246d-11d0-a768-00aa006e0529';
const controlAccess = 0x100;
const genericAll = 0x10000000;
const inheritOnly = 0x08;
const allowed = 0x00;
const denied = 0x01;
const allowedObject = 0x05;
const deniedObject = 0x06;
/** Only the discretionary list: more may not be read without a privilege (MS-ADTS 3.1.1.3.4.1.11). */
const descriptorFlags: LdapControl = {
  oid: '1.2.840.113556.1.4.801',
  critical: true,
  value: Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x04),
};

/**
 * Whether the signed-in account may reset the password of `dn`, by the object's own access list; undefined where
 * the directory shows neither the list nor who is asking.
 */
export async function readResetRight(
  connection: LdapConnection,
  dn: string,
  options: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<boolean | undefined> {
  const request = { scope: 'base', filter: '(objectClass=*)', ...options } as const;
  const [root] = await connection.searchEntries({ ...request, base: '', attributes: ['tokenGroups'] });
  const sids = new Set((root?.attributes.get('tokengroups') ?? []).map(toHex));
  const [entry] = await connection.searchEntries({
    ...request,
    base: dn,
    attributes: ['nTSecurityDescriptor'],
    controls: [descriptorFlags],
  });
  const descriptor = entry === undefined ? undefined : bytesOf(entry, 'nTSecurityDescriptor');
  if (descriptor === undefined || sids.size === 0) return undefined;
  return grantsReset(descriptor, sids);
}

/**
 * Walks an access list in its order (MS-DTYP 2.5.3.2): the first entry that speaks of the right and of one of the
 * security identifiers, given in hexadecimal, decides. Undefined for a descriptor that does not hold together.
 */
export function grantsReset(descriptor: Uint8Array, sids: ReadonlySet<string>): boolean | undefined {
  try {
    const view = new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength);
    const start = view.getUint32(16, true);
    // Without a list everything is allowed (MS-DTYP 2.4.6).
    if (start === 0) return true;
    const count = view.getUint16(start + 4, true);
    let at = start + 8;
    for (let index = 0; index < count; index += 1) {
      const size = view.getUint16(at + 2, true);
      if (size < 8) return undefined;
      const verdict = readAce(descriptor.subarray(at, at + size), sids);
      if (verdict !== undefined) return verdict;
      at += size;
    }
    return false;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Undefined where the entry is about something or someone else. */
function readAce(ace: Uint8Array, sids: ReadonlySet<string>): boolean | undefined {
  const view = new DataView(ace.buffer, ace.byteOffset, ace.byteLength);
  const type = view.getUint8(0);
  if ((view.getUint8(1) & inheritOnly) !== 0) return undefined;
  if ((view.getUint32(4, true) & (controlAccess | genericAll)) === 0) return undefined;
  let sidAt = 8;
  if (type === allowedObject || type === deniedObject) {
    const present = view.getUint32(8, true);
    sidAt = 12;
    if ((present & 1) !== 0) {
      if (toGuidText(ace.subarray(12, 28), 'guid') !== resetPassword) return undefined;
      sidAt += 16;
    }
    if ((present & 2) !== 0) sidAt += 16;
  } else if (type !== allowed && type !== denied) return undefined;
  const sidLength = 8 + 4 * view.getUint8(sidAt + 1);
  if (!sids.has(toHex(ace.subarray(sidAt, sidAt + sidLength)))) return undefined;
  return type === allowed || type === allowedObject;
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
