import type { CapturedChange, TrackingId } from '#shared/model/change.ts';

/** Version of the protocol; peers of another one part at once. */
export const protocolVersion = 1;
/** Largest frame without its length field, bytes. */
export const maxFrame = 65_536;
/** Largest TLS record (RFC 8446 5.1), bytes. */
export const maxRecord = 16_384;
/** Longest password that travels, bytes of UTF-8; the directory's own limit is 256 characters. */
export const maxPassword = 2048;
/** Changes that may be on their way unanswered on one connection. */
export const window = 64;
/** Clocks may differ by this much, as in Kerberos (RFC 4120 8.2), milliseconds. */
export const maxClockDifference = 300_000;
/** Longest master secret with its previous ones, bytes. */
export const maxSecret = 8192;
export const nonceLength = 32;
export const proofLength = 32;

/** First words of the sender: who is wanted. */
export interface Hello {
  readonly kind: 'hello';
  readonly version: number;
  /** The sender's clock. */
  readonly clock: number;
  readonly nonce: Uint8Array;
  /** Service principal name that the sender wants to talk to. */
  readonly spn: string;
}

/** First words of the receiver. */
export interface Welcome {
  readonly kind: 'welcome';
  readonly version: number;
  /** The receiver's clock. */
  readonly clock: number;
  readonly nonce: Uint8Array;
  /** Changes that may be on their way unanswered. */
  readonly window: number;
}

/** The sender's Kerberos token, tied to this TLS session. */
export interface Authenticate {
  readonly kind: 'authenticate';
  readonly proof: Uint8Array;
  readonly token: Uint8Array;
}

/** The receiver's Kerberos reply: the sender is accepted, and the service has proven itself. */
export interface Authenticated {
  readonly kind: 'authenticated';
  readonly proof: Uint8Array;
  readonly reply: Uint8Array;
}

/** One change. The password is a view that is wiped as soon as the frame was handled. */
export interface ChangeFrame {
  readonly kind: 'change';
  /** Counts the frames of this connection that want an answer, from 1 without a gap. */
  readonly sequence: number;
  readonly change: CapturedChange;
  readonly password: Uint8Array;
}

/** The change is sealed and on disk. */
export interface Ack {
  readonly kind: 'ack';
  readonly sequence: number;
  readonly trackingId: TrackingId;
  readonly receivedAt: number;
}

/** The change was not taken. */
export interface Nak {
  readonly kind: 'nak';
  readonly sequence: number;
  readonly trackingId: TrackingId;
  /** What kind of failure, one word. */
  readonly code: string;
  /** The receiver's event number. */
  readonly event: number;
  readonly message: string;
  /** Whether sending it again later can help. */
  readonly retry: boolean;
}

/** What a sender says of itself from time to time. */
export interface SenderStatus {
  readonly host: string;
  readonly productVersion: string;
  /** Changes that wait for this receiver. */
  readonly queued: number;
  /** Capture time of the oldest that waits, milliseconds since 1970 UTC. */
  readonly oldest: number | undefined;
  /** Capture time of the last change, milliseconds since 1970 UTC. */
  readonly lastCaptured: number | undefined;
}

export interface Heartbeat extends SenderStatus {
  readonly kind: 'heartbeat';
  readonly sequence: number;
  /** The sender's clock. */
  readonly clock: number;
}

export interface HeartbeatAnswer {
  readonly kind: 'heartbeat-answer';
  readonly sequence: number;
  /** The receiver's clock. */
  readonly clock: number;
}

/** Asks the master secret server for the master secret. */
export interface SecretRequest {
  readonly kind: 'secret-request';
  readonly sequence: number;
}

/** The master secret, or why the caller does not get it. The keys are a view that is wiped once the frame was handled. */
export interface SecretAnswer {
  readonly kind: 'secret-answer';
  readonly sequence: number;
  /** Empty where it was given. */
  readonly refusal: string;
  readonly keys: Uint8Array;
}

/** The last frame of a connection, and why. */
export interface Bye {
  readonly kind: 'bye';
  /** A code of `ChannelError`, or `closed` for an orderly end. */
  readonly code: string;
  readonly event: number;
  readonly message: string;
}

/**
 * Zeros, for nobody to read: Node copies a decrypted record to its native stack, where the last one would lie until
 * another of that length comes in.
 */
export interface Padding {
  readonly kind: 'padding';
  readonly length: number;
}

export type Frame =
  | Hello
  | Welcome
  | Authenticate
  | Authenticated
  | ChangeFrame
  | Ack
  | Nak
  | Heartbeat
  | HeartbeatAnswer
  | SecretRequest
  | SecretAnswer
  | Bye
  | Padding;
export type FrameKind = Frame['kind'];

/** Bytes that are no frame, or a frame that has no place here. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}
