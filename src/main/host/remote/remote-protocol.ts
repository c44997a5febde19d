import type { TLSSocket } from 'node:tls';

import { z } from 'zod';

import { isSameProof, proveSession, sessionBinding } from '#channel/session-proof.ts';

/** WebSocket subprotocol (RFC 6455 1.9); its number is that of the frames and headers. */
export const remoteProtocol = 'carillon.1';
export const remotePath = '/rpc';
export const remotePort = 6949;
/** Service class of the name that callers ask a ticket for. */
export const remoteServiceClass = 'CARILLON';

/** Headers of the request that opens the connection, and of its answer; lower case, as Node gives them. */
export const remoteHeader = {
  /** The caller's clock, milliseconds since 1970 UTC. */
  clock: 'carillon-clock',
  /** Ties the Kerberos token beside it to this TLS session, base64. */
  proof: 'carillon-proof',
  purpose: 'carillon-purpose',
  account: 'carillon-account',
  access: 'carillon-access',
} as const;

/** A console's page is never given a secret; a program that asks for itself is. */
export const purposeSchema = z.enum(['console', 'program']);
export type Purpose = z.infer<typeof purposeSchema>;

/** Largest request, bytes: a Kerberos token holds the caller's groups, up to 48,000 bytes by Windows' own limit. */
export const largestRequest = 81_920;

/** What is said instead of opening the connection. */
export const refusalSchema = z.object({
  reason: z.string().max(64),
  event: z.int(),
  message: z.string().max(2000),
  fix: z.string().max(2000),
});

const negotiate = /^Negotiate ([A-Za-z0-9+/]+={0,2})$/;

export function writeNegotiate(token: Uint8Array): string {
  return `Negotiate ${Buffer.from(token).toString('base64')}`;
}

/** The token of an Authorization or WWW-Authenticate header (RFC 4559 4.1). */
export function readNegotiate(header: string | undefined): Uint8Array | undefined {
  const token = negotiate.exec(header ?? '')?.[1];
  return token === undefined ? undefined : Buffer.from(token, 'base64');
}

const none = new Uint8Array();

/** An HMAC over a token, keyed with what only the two ends of this TLS session know. It needs no nonces: no two sessions have one key. */
export function proveToken(
  side: 'caller' | 'server',
  socket: TLSSocket,
  spn: string,
  token: Uint8Array,
): string {
  return Buffer.from(proofOf(side, socket, spn, token)).toString('base64');
}

export function isProofOf(
  side: 'caller' | 'server',
  socket: TLSSocket,
  spn: string,
  token: Uint8Array,
  proof: unknown,
): boolean {
  if (typeof proof !== 'string') return false;
  return isSameProof(Buffer.from(proof, 'base64'), proofOf(side, socket, spn, token));
}

function proofOf(side: 'caller' | 'server', socket: TLSSocket, spn: string, token: Uint8Array): Uint8Array {
  const transcript = {
    binding: sessionBinding(socket),
    senderNonce: none,
    receiverNonce: none,
    spn: `remote ${spn.toLowerCase()}`,
  };
  return proveSession(side === 'caller' ? 'sender' : 'receiver', transcript, token);
}
