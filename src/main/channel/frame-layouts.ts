import type { TrackingId } from '#shared/model/change.ts';

import {
  type Ack,
  type Authenticate,
  type Authenticated,
  type Bye,
  type ChangeFrame,
  type Frame,
  FrameError,
  type FrameKind,
  type Heartbeat,
  type HeartbeatAnswer,
  type Hello,
  maxFrame,
  maxPassword,
  maxRecord,
  maxSecret,
  type Nak,
  nonceLength,
  type Padding,
  proofLength,
  type SecretAnswer,
  type SecretRequest,
  type Welcome,
} from './frame.ts';
import type { FrameInput } from './frame-input.ts';
import type { FrameOutput } from './frame-output.ts';

/** "CRLN": whoever speaks something else is found out by the first word. */
const magic = 0x43_52_4c_4e;
/** Longest names, bytes of UTF-8: a DNS name has 255, a sAMAccountName 256 characters (MS-ADA3 2.222). */
const longest = { spn: 512, host: 255, domain: 255, account: 1024, code: 64, message: 1024 } as const;

/** How one kind of frame lies in bytes; numbers are big-endian, texts and blocks have two bytes of length before them. */
export interface Layout<F extends Frame> {
  readonly type: number;
  /** Largest body, bytes. */
  readonly limit: number;
  readonly write: (out: FrameOutput, frame: F) => void;
  readonly read: (from: FrameInput) => Omit<F, 'kind'>;
}

const hello: Layout<Hello> = {
  type: 1,
  limit: 48 + longest.spn,
  write(out, { version, clock, nonce, spn }) {
    writeGreeting(out, version, clock, nonce);
    out.text(spn, longest.spn);
  },
  read: (from) => ({ ...readGreeting(from), spn: from.text(longest.spn) }),
};

const welcome: Layout<Welcome> = {
  type: 2,
  limit: 48,
  write(out, frame) {
    writeGreeting(out, frame.version, frame.clock, frame.nonce);
    out.u16(frame.window);
  },
  read: (from) => ({ ...readGreeting(from), window: from.u16() }),
};

const authenticate: Layout<Authenticate> = {
  type: 3,
  // A token holds the caller's groups: up to 48,000 bytes by Windows' own limit.
  limit: maxFrame - 1,
  write(out, { proof, token }) {
    out.raw(requireLength(proof, proofLength));
    out.raw(token);
  },
  read: (from) => ({ proof: from.raw(proofLength), token: from.rest() }),
};

const authenticated: Layout<Authenticated> = {
  type: 4,
  limit: 4096,
  write(out, { proof, reply }) {
    out.raw(requireLength(proof, proofLength));
    out.raw(reply);
  },
  read: (from) => ({ proof: from.raw(proofLength), reply: from.rest() }),
};

const change: Layout<ChangeFrame> = {
  type: 5,
  limit: 80 + longest.domain + longest.account + longest.host + maxPassword,
  write(out, { sequence, change: captured, password }) {
    out.u32(sequence);
    out.guid(captured.trackingId);
    out.guid(captured.objectGuid);
    out.instant(captured.committedAt);
    out.u32(captured.version);
    out.instant(captured.capturedAt);
    out.instant(captured.queuedAt);
    out.instant(captured.sentAt);
    out.text(captured.domain, longest.domain);
    out.text(captured.account, longest.account);
    out.text(captured.sourceServer, longest.host);
    out.block(password, maxPassword);
  },
  read: (from) => ({
    sequence: from.u32(),
    change: {
      trackingId: from.guid() as TrackingId,
      objectGuid: from.guid(),
      committedAt: from.instant(),
      version: from.u32(),
      capturedAt: from.instant(),
      queuedAt: from.instant(),
      sentAt: from.instant(),
      domain: from.text(longest.domain),
      account: from.text(longest.account),
      sourceServer: from.text(longest.host),
    },
    password: from.block(maxPassword),
  }),
};

const ack: Layout<Ack> = {
  type: 6,
  limit: 28,
  write(out, { sequence, trackingId, receivedAt }) {
    out.u32(sequence);
    out.guid(trackingId);
    out.instant(receivedAt);
  },
  read: (from) => ({
    sequence: from.u32(),
    trackingId: from.guid() as TrackingId,
    receivedAt: from.instant(),
  }),
};

const nak: Layout<Nak> = {
  type: 7,
  limit: 32 + longest.code + longest.message,
  write(out, { sequence, trackingId, code, event, message, retry }) {
    out.u32(sequence);
    out.guid(trackingId);
    out.text(code, longest.code);
    out.u16(event);
    out.text(oneLine(message), longest.message);
    out.u8(retry ? 1 : 0);
  },
  read: (from) => ({
    sequence: from.u32(),
    trackingId: from.guid() as TrackingId,
    code: from.text(longest.code),
    event: from.u16(),
    message: from.text(longest.message),
    retry: from.boolean(),
  }),
};

const heartbeat: Layout<Heartbeat> = {
  type: 8,
  limit: 40 + longest.host + longest.code,
  write(out, { sequence, clock, host, productVersion, queued, oldest, lastCaptured }) {
    out.u32(sequence);
    out.instant(clock);
    out.text(host, longest.host);
    out.text(productVersion, longest.code);
    out.u32(queued);
    out.instant(oldest);
    out.instant(lastCaptured);
  },
  read: (from) => ({
    sequence: from.u32(),
    clock: from.instant(),
    host: from.text(longest.host),
    productVersion: from.text(longest.code),
    queued: from.u32(),
    oldest: from.tryInstant(),
    lastCaptured: from.tryInstant(),
  }),
};

const heartbeatAnswer: Layout<HeartbeatAnswer> = {
  type: 9,
  limit: 12,
  write(out, { sequence, clock }) {
    out.u32(sequence);
    out.instant(clock);
  },
  read: (from) => ({ sequence: from.u32(), clock: from.instant() }),
};

const bye: Layout<Bye> = {
  type: 10,
  limit: 8 + longest.code + longest.message,
  write(out, { code, event, message }) {
    out.text(code, longest.code);
    out.u16(event);
    out.text(oneLine(message), longest.message);
  },
  read: (from) => ({
    code: from.text(longest.code),
    event: from.u16(),
    message: from.text(longest.message),
  }),
};

const padding: Layout<Padding> = {
  type: 11,
  limit: maxRecord,
  write: (out, { length }) => out.raw(new Uint8Array(length)),
  read: (from) => ({ length: from.rest().length }),
};

const secretRequest: Layout<SecretRequest> = {
  type: 12,
  limit: 4,
  write: (out, { sequence }) => out.u32(sequence),
  read: (from) => ({ sequence: from.u32() }),
};

const secretAnswer: Layout<SecretAnswer> = {
  type: 13,
  limit: 8 + longest.message + maxSecret,
  write(out, { sequence, refusal, keys }) {
    out.u32(sequence);
    out.text(oneLine(refusal), longest.message);
    out.block(keys, maxSecret);
  },
  read: (from) => ({
    sequence: from.u32(),
    refusal: from.text(longest.message),
    keys: from.block(maxSecret),
  }),
};

/** Every kind of frame in bytes. */
export const layouts: { readonly [K in FrameKind]: Layout<Extract<Frame, { kind: K }>> } = {
  hello,
  welcome,
  authenticate,
  authenticated,
  change,
  ack,
  nak,
  heartbeat,
  'heartbeat-answer': heartbeatAnswer,
  bye,
  padding,
  'secret-request': secretRequest,
  'secret-answer': secretAnswer,
};

function writeGreeting(out: FrameOutput, version: number, clock: number, nonce: Uint8Array): void {
  out.u32(magic);
  out.u16(version);
  out.instant(clock);
  out.raw(requireLength(nonce, nonceLength));
}

function readGreeting(from: FrameInput): { version: number; clock: number; nonce: Uint8Array } {
  if (from.u32() !== magic) throw new FrameError('The peer speaks another protocol');
  return { version: from.u16(), clock: from.instant(), nonce: from.raw(nonceLength) };
}

function requireLength(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === length) return bytes;
  throw new FrameError(`${bytes.length} bytes where ${length} belong`);
}

/** Words for a log line of the other side: no control characters, cut to what fits. */
function oneLine(message: string): string {
  const line = message.replaceAll(/\p{Cc}+/gu, ' ').toWellFormed();
  // At most three bytes of UTF-8 for one UTF-16 unit.
  return line.length * 3 <= longest.message
    ? line
    : line.slice(0, Math.floor(longest.message / 3)).toWellFormed();
}
