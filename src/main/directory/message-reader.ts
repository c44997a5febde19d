import type { AttributeNames } from './attribute-names.ts';
import { BerReader, readLength } from './ber-reader.ts';
import { berTag, contextSequence, contextTag } from './ber-tag.ts';
import type { LdapControl } from './ldap-control.ts';
import type { LdapResult } from './ldap-error.ts';
import { LinkError } from './link-error.ts';
import type { SearchItem } from './search-entry.ts';

/** Everything that a server answers, by the request's number (RFC 4511 4.2 to 4.13). */
export type Answer =
  | { readonly kind: 'item'; readonly id: number; readonly item: SearchItem }
  | {
      readonly kind: 'result';
      readonly id: number;
      readonly tag: number;
      readonly result: LdapResult;
      /** Of an extended answer or a SASL bind. */
      readonly value: Uint8Array | undefined;
      /** Of an extended answer; `1.3.6.1.4.1.1466.20036` with number 0 is a notice of disconnection. */
      readonly oid: string | undefined;
    };

/** The whole length of the message at `start`; undefined while its header is incomplete. */
export function messageLength(bytes: Uint8Array, start: number): number | undefined {
  if (start >= bytes.length) return undefined;
  if (bytes[start] !== berTag.sequence)
    throw new LinkError('protocol', 'The server sent what is no LDAP message');
  const length = readLength(bytes, start + 1, bytes.length);
  return length === undefined ? undefined : length.end - start + length.value;
}

/**
 * Reads one message; values are copied, so that `bytes` may be used again. Entries stay as they were sent for the
 * requests of which `isEncoded` says so.
 */
export function readMessage(
  bytes: Uint8Array,
  names: AttributeNames,
  isEncoded?: (id: number) => boolean,
): Answer {
  const message = new BerReader(bytes).enter(berTag.sequence);
  const id = message.integer(berTag.integer);
  const tag = message.peek();
  const body = message.enter();
  switch (tag) {
    case berTag.searchEntry: {
      if (isEncoded?.(id)) return { kind: 'item', id, item: { kind: 'encoded', body: body.rest() } };
      const dn = body.text(berTag.octetString);
      const attributes = readAttributes(body.enter(berTag.sequence), names);
      return { kind: 'item', id, item: { kind: 'entry', dn, attributes, controls: readControls(message) } };
    }
    case berTag.searchReference: {
      const uris: string[] = [];
      while (body.more) uris.push(body.text(berTag.octetString));
      return { kind: 'item', id, item: { kind: 'reference', uris } };
    }
    case berTag.intermediateResponse: {
      const oid = body.peek() === contextTag(0) ? body.text() : '';
      const value = body.peek() === contextTag(1) ? body.bytes().slice() : undefined;
      return { kind: 'item', id, item: { kind: 'intermediate', oid, value } };
    }
    default:
      return readResult(id, tag, body, message);
  }
}

function readResult(id: number, tag: number, body: BerReader, message: BerReader): Answer {
  const code = body.integer(berTag.enumerated);
  const matchedDn = body.text(berTag.octetString);
  const diagnostic = body.text(berTag.octetString).replaceAll('\0', '').trim();
  const referrals: string[] = [];
  if (body.peek() === contextSequence(3)) {
    const list = body.enter();
    while (list.more) referrals.push(list.text(berTag.octetString));
  }
  let value: Uint8Array | undefined;
  let oid: string | undefined;
  while (body.more) {
    const inner = body.peek();
    // [7] serverSaslCreds, [10] responseName, [11] responseValue.
    if (inner === contextTag(10)) oid = body.text();
    else if (inner === contextTag(7) || inner === contextTag(11)) value = body.bytes().slice();
    else body.skip();
  }
  const result = { code, matchedDn, diagnostic, referrals, controls: readControls(message) };
  return { kind: 'result', id, tag, result, value, oid };
}

function readAttributes(list: BerReader, names: AttributeNames): ReadonlyMap<string, readonly Uint8Array[]> {
  const attributes = new Map<string, Uint8Array[]>();
  while (list.more) {
    const attribute = list.enter(berTag.sequence);
    const name = names.read(attribute.bytes(berTag.octetString));
    const set = attribute.enter(berTag.set);
    const values: Uint8Array[] = [];
    while (set.more) values.push(set.bytes(berTag.octetString).slice());
    attributes.set(name, values);
  }
  return attributes;
}

function readControls(message: BerReader): readonly LdapControl[] {
  if (message.peek() !== berTag.controls) return [];
  const list = message.enter();
  const controls: LdapControl[] = [];
  while (list.more) {
    const control = list.enter(berTag.sequence);
    const oid = control.text(berTag.octetString);
    const critical = control.peek() === berTag.boolean ? control.boolean() : false;
    const value = control.peek() === berTag.octetString ? control.bytes().slice() : undefined;
    controls.push({ oid, critical, value });
  }
  return controls;
}
