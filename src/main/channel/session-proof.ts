import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

import { proofLength } from './frame.ts';

/** What both ends of one connection have in common. */
export interface SessionTranscript {
  /** Known to the two ends of this TLS session alone. */
  readonly binding: Uint8Array;
  readonly senderNonce: Uint8Array;
  readonly receiverNonce: Uint8Array;
  readonly spn: string;
}

/** The `tls-exporter` channel binding (RFC 9266). */
export function sessionBinding(socket: TLSSocket): Uint8Array {
  // The context is empty; Node's types want one given.
  return socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
}

/** Ties a Kerberos token or reply to the TLS session that it travels in. */
export function proveSession(
  side: 'sender' | 'receiver',
  { binding, senderNonce, receiverNonce, spn }: SessionTranscript,
  token: Uint8Array,
): Uint8Array {
  return createHmac('sha256', binding)
    .update(`carillon ${side}\0${spn}\0`)
    .update(senderNonce)
    .update(receiverNonce)
    .update(token)
    .digest();
}

export function isSameProof(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === proofLength && right.length === proofLength && timingSafeEqual(left, right);
}
