import { BerReader } from '../ber-reader.ts';
import { berTag } from '../ber-tag.ts';
import { BerWriter } from '../ber-writer.ts';
import type { LdapControl } from '../ldap-control.ts';
import type { IntermediateResponse, SearchEntry } from '../search-entry.ts';

const requestOid = '1.3.6.1.4.1.4203.1.9.1.1';
const stateOid = '1.3.6.1.4.1.4203.1.9.1.2';
const doneOid = '1.3.6.1.4.1.4203.1.9.1.3';
const infoOid = '1.3.6.1.4.1.4203.1.9.1.4';
const refreshOnly = 1;

/** What an entry's state control says of it (RFC 4533 2.3). */
export interface SyncState {
  readonly state: 'present' | 'add' | 'modify' | 'delete';
  /** entryUUID, 16 bytes. */
  readonly uuid: Uint8Array;
}

/** An intermediate message of a refresh (RFC 4533 2.5). */
export type SyncInfo =
  | { readonly kind: 'cookie'; readonly cookie: Uint8Array }
  | {
      readonly kind: 'refresh';
      readonly phase: 'present' | 'delete';
      readonly cookie: Uint8Array | undefined;
    }
  | {
      readonly kind: 'ids';
      readonly deleted: boolean;
      readonly uuids: readonly Uint8Array[];
      readonly cookie: Uint8Array | undefined;
    };

/** How a refresh ended (RFC 4533 2.4): `present`: what was not named is gone. */
export interface SyncDone {
  readonly cookie: Uint8Array | undefined;
  readonly phase: 'present' | 'delete';
}

/** Content synchronization, one refresh (RFC 4533 2.2). */
export function syncRequest(cookie: Uint8Array | undefined): LdapControl {
  const writer = new BerWriter();
  const value = writer.start();
  writer.integer(refreshOnly, berTag.enumerated);
  if (cookie !== undefined) writer.bytes(cookie);
  writer.end(value);
  return { oid: requestOid, critical: true, value: writer.finish() };
}

export function syncStateOf(entry: SearchEntry): SyncState | undefined {
  const value = entry.controls.find(({ oid }) => oid === stateOid)?.value;
  if (value === undefined) return undefined;
  const reader = new BerReader(value).enter(berTag.sequence);
  const states = ['present', 'add', 'modify', 'delete'] as const;
  const state = states[reader.integer(berTag.enumerated)] ?? 'modify';
  return { state, uuid: reader.bytes(berTag.octetString).slice() };
}

export function syncInfoOf({ oid, value }: IntermediateResponse): SyncInfo | undefined {
  if (oid !== infoOid || value === undefined) return undefined;
  const whole = new BerReader(value);
  const choice = whole.peek() & 0x1f;
  if (choice === 0) return { kind: 'cookie', cookie: whole.bytes().slice() };
  const reader = whole.enter();
  const cookie = reader.peek() === berTag.octetString ? reader.bytes().slice() : undefined;
  if (choice !== 3) return { kind: 'refresh', phase: choice === 1 ? 'delete' : 'present', cookie };
  const deleted = reader.peek() === berTag.boolean ? reader.boolean() : false;
  const set = reader.enter(berTag.set);
  const uuids: Uint8Array[] = [];
  while (set.more) uuids.push(set.bytes(berTag.octetString).slice());
  return { kind: 'ids', deleted, uuids, cookie };
}

export function syncDoneOf(controls: readonly LdapControl[]): SyncDone | undefined {
  const value = controls.find(({ oid }) => oid === doneOid)?.value;
  if (value === undefined) return undefined;
  const reader = new BerReader(value).enter(berTag.sequence);
  const cookie = reader.peek() === berTag.octetString ? reader.bytes().slice() : undefined;
  const deletes = reader.peek() === berTag.boolean ? reader.boolean() : false;
  return { cookie, phase: deletes ? 'delete' : 'present' };
}
