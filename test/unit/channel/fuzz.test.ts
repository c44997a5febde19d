import { expect, test } from 'vitest';

import { type Frame, FrameError, nonceLength } from '#channel/frame.ts';
import { writeFrame } from '#channel/frame-codec.ts';
import { FrameOutput } from '#channel/frame-output.ts';
import { FrameReader } from '#channel/frame-reader.ts';
import { ReceiverConnection } from '#channel/receiver-connection.ts';
import { Intake } from '#channel/receiver-intake.ts';
import { proveSession } from '#channel/session-proof.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { ChannelWorld, newChange, secret, spn } from './channel-world.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeKerberos, fakeToken } from './fake-kerberos.ts';
import { MemorySocket } from './memory-socket.ts';
import { createRandom, mutate } from './mutate.ts';
import { nonce, RawSender } from './raw-sender.ts';

/** Each holds nine frames. */
const streams = 10_000;
/** Mutated frames that a receiver looks at, before or after it has proven the sender. */
const mutatedFrames = 100_000;
const password = new TextEncoder().encode('Correct-Horse-7');

function encode(...frames: readonly Frame[]): Uint8Array {
  const out = new FrameOutput();
  for (const frame of frames) writeFrame(out, frame);
  return Uint8Array.from(out.written);
}

const change = (sequence: number) => ({ kind: 'change', sequence, change: newChange(), password }) as const;
const heartbeat = (sequence: number) =>
  ({
    kind: 'heartbeat',
    sequence,
    clock: 1,
    host: 'dc1',
    productVersion: '1',
    queued: 3,
    oldest: undefined,
    lastCaptured: 4,
  }) as const;
const longChange = (sequence: number) => ({ ...change(sequence), password: new Uint8Array(400).fill(0x61) });
const { trackingId } = newChange();
/** What a proven sender sends, and one of each of the other frames. */
const spoken: readonly Frame[] = [change(1), heartbeat(2), change(3), change(4)];
const others: readonly Frame[] = [
  { kind: 'welcome', version: 1, clock: 1, nonce, window: 64 },
  { kind: 'authenticate', proof: new Uint8Array(32), token: fakeToken(spn, 'DC1$@FABRIKAM.LAB') },
  { kind: 'ack', sequence: 1, trackingId, receivedAt: 1 },
  { kind: 'nak', sequence: 1, trackingId, code: 'busy', event: 6900, message: 'x', retry: true },
  { kind: 'bye', code: 'closed', event: 0, message: 'x' },
];

/** A copy with one bit turned behind its header. */
function spoil(frame: Uint8Array, random: (below: number) => number): Uint8Array {
  const bytes = Uint8Array.from(frame);
  const at = 5 + random(bytes.length - 5);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
  return bytes;
}

/** Bytes outside the V8 heap that are still held. */
async function heldBytes(): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc?.();
  return process.memoryUsage().arrayBuffers;
}

test('10,000 mutated streams of all frames are read or refused, cut anywhere, and nothing of them stays', () => {
  const random = createRandom(1);
  const whole = encode(...spoken, ...others);
  let refused = 0;
  let handed = 0;
  for (let round = 0; round < streams; round += 1) {
    const stream = mutate(whole, random);
    const reader = new FrameReader({
      expects: () => true,
      onFrame: () => {
        handed += 1;
      },
    });
    try {
      for (let at = 0; at < stream.length; ) {
        const size = 1 + random(stream.length);
        reader.push(stream.subarray(at, at + size));
        at += size;
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      refused += 1;
    }
    reader.close();
  }
  expect(refused).toBeGreaterThan(streams / 2);
  expect(handed).toBeGreaterThan(streams);
}, 600_000);

test('100,000 mutated frames of proven and unproven senders neither break a receiver nor leave a password', async () => {
  const random = createRandom(2);
  const clock = new FakeClock();
  const reported: unknown[] = [];
  const secrets = new Set<SecretBytes>();
  let events = 0;
  let kept = 0;
  const intake = new Intake({
    spn,
    proveCaller: async (principal) => ({ principal, account: 'DC1$', domain: 'FABRIKAM' }),
    onChange: async (_change, received) => {
      kept += 1;
      secrets.add(received);
    },
    onHeartbeat: () => undefined,
    events: () => {
      events += 1;
    },
    report: (error) => reported.push(error),
    clock,
    kerberos: new FakeKerberos(),
    maxInFlight: 1024,
  });
  const greeting = encode({ kind: 'hello', version: 1, clock: clock.now(), nonce, spn });
  const before = await heldBytes();
  let conversations = 0;
  let sent = 0;
  const talk = async (): Promise<void> => {
    conversations += 1;
    const round = conversations;
    const socket = new MemorySocket();
    const connection = new ReceiverConnection(socket.asTlsSocket, intake, () => undefined);
    const push = async (bytes: Uint8Array): Promise<void> => {
      if (!socket.destroyed) socket.push(bytes);
      await new Promise((resolve) => setImmediate(resolve));
    };
    // Most get as far as a proven sender, where there is more to be broken.
    const stage = Math.min(random(12), 2);
    if (stage < 2) sent += 1;
    await push(stage === 0 ? mutate(greeting, random) : Uint8Array.from(greeting));
    if (stage > 0) {
      const binding = Buffer.alloc(32);
      // The receiver's nonce stands behind header, magic, version and clock.
      const receiverNonce = socket.lastAnswer.subarray(19, 19 + nonceLength);
      const token = fakeToken(spn, 'DC1$@FABRIKAM.LAB', round);
      const proof = proveSession('sender', { binding, senderNonce: nonce, receiverNonce, spn }, token);
      const authentication = encode({ kind: 'authenticate', proof, token });
      await push(stage === 1 ? mutate(authentication, random) : authentication);
    }
    if (stage === 2)
      for (let sequence = 1; sequence <= 16 && !socket.writableEnded; sequence += 1) {
        sent += 1;
        const frame = encode(random(8) === 0 ? heartbeat(sequence) : longChange(sequence));
        // A fault or two inside leave most frames readable, so that the next one counts too.
        await push(random(8) === 0 ? mutate(frame, random) : spoil(frame, random));
      }
    connection.check(clock.now());
    await connection.drain();
    socket.destroy();
  };
  while (sent < mutatedFrames) await Promise.all(Array.from({ length: 100 }, talk));
  expect(reported).toEqual([]);
  expect(kept).toBeGreaterThan(mutatedFrames / 10);
  expect([...secrets].every(({ wiped }) => wiped)).toBe(true);
  // One address, one clock that stands still: one line for each kind of refusal.
  expect(events).toBeLessThan(20);
  expect((await heldBytes()) - before).toBeLessThan(64 * 1024 * 1024);
}, 600_000);

test('a live receiver outlives 500 mutated conversations over TLS, and serves the next sender', async () => {
  const random = createRandom(3);
  await using world = await new ChannelWorld().start({ maxPerAddress: 1000, maxConnections: 2000 });
  const talk = async (): Promise<void> => {
    const raw = await RawSender.connect(world.receiver.port).catch(() => undefined);
    // Under a flood the oldest stranger has to go, and that may be this one.
    if (raw === undefined) return;
    if (random(2) === 0) await raw.authenticate(spn).catch(() => undefined);
    const frames = random(2) === 0 ? spoken : [...others, ...spoken];
    raw.socket.write(mutate(encode(...frames), random));
    raw.socket.end();
    await raw.closed;
  };
  for (let round = 0; round < 500; round += 20) await Promise.all(Array.from({ length: 20 }, talk));
  expect(world.reported).toEqual([]);
  expect(world.secrets.every(({ wiped }) => wiped)).toBe(true);
  const sender = await world.openSender();
  await sender.send(newChange(), secret('Correct-Horse-8'));
}, 600_000);
