import fc from 'fast-check';

import type { Frame } from '#channel/frame.ts';
import type { TrackingId } from '#shared/model/change.ts';

const sequence = fc.nat(0xffff_ffff);
const instant = fc.nat(Number.MAX_SAFE_INTEGER);
const maybeInstant = fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { nil: undefined });
const guid = fc.uuid();
const trackingId = guid.map((text) => text as TrackingId);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
/** Any text of Unicode that is one line. */
const line = (maxLength: number) =>
  fc.string({ unit: 'grapheme', maxLength }).map((text) => text.replaceAll(/\p{Cc}/gu, ''));
const greeting = { version: fc.nat(0xffff), clock: instant, nonce: bytes(32) };
const change = fc.record({
  trackingId,
  objectGuid: guid,
  committedAt: instant,
  version: fc.nat(0xffff_ffff),
  capturedAt: instant,
  queuedAt: instant,
  sentAt: instant,
  domain: line(10),
  account: line(40),
  sourceServer: line(10),
});

/** Every kind of frame with any content that it can have. */
export const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ kind: fc.constant('hello' as const), ...greeting, spn: line(20) }),
  fc.record({ kind: fc.constant('welcome' as const), ...greeting, window: fc.nat(0xffff) }),
  fc.record({
    kind: fc.constant('authenticate' as const),
    proof: bytes(32),
    token: fc.uint8Array({ maxLength: 5000 }),
  }),
  fc.record({
    kind: fc.constant('authenticated' as const),
    proof: bytes(32),
    reply: fc.uint8Array({ maxLength: 1000 }),
  }),
  fc.record({
    kind: fc.constant('change' as const),
    sequence,
    change,
    password: fc.uint8Array({ maxLength: 2048 }),
  }),
  fc.record({ kind: fc.constant('ack' as const), sequence, trackingId, receivedAt: instant }),
  fc.record({
    kind: fc.constant('nak' as const),
    sequence,
    trackingId,
    code: line(6),
    event: fc.nat(0xffff),
    message: line(60),
    retry: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('heartbeat' as const),
    sequence,
    clock: instant,
    host: line(10),
    productVersion: line(6),
    queued: sequence,
    oldest: maybeInstant,
    lastCaptured: maybeInstant,
  }),
  fc.record({ kind: fc.constant('heartbeat-answer' as const), sequence, clock: instant }),
  fc.record({ kind: fc.constant('secret-request' as const), sequence }),
  fc.record({
    kind: fc.constant('secret-answer' as const),
    sequence,
    refusal: line(60),
    keys: fc.uint8Array({ maxLength: 200 }),
  }),
  fc.record({
    kind: fc.constant('bye' as const),
    code: line(6),
    event: fc.nat(0xffff),
    message: line(60),
  }),
  fc.record({ kind: fc.constant('padding' as const), length: fc.integer({ min: 1, max: 16_384 }) }),
);
