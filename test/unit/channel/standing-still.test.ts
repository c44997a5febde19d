import { beforeEach, expect, test } from 'vitest';

import { type Frame, nonceLength } from '#channel/frame.ts';
import { writeFrame } from '#channel/frame-codec.ts';
import { FrameOutput } from '#channel/frame-output.ts';
import { ReceiverConnection } from '#channel/receiver-connection.ts';
import { Intake } from '#channel/receiver-intake.ts';
import { proveSession } from '#channel/session-proof.ts';

import { spn } from './channel-world.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeKerberos, fakeToken } from './fake-kerberos.ts';
import { MemorySocket } from './memory-socket.ts';
import { nonce } from './raw-sender.ts';

/** A peer that takes what is answered only when the test lets it. */
class SlowSocket extends MemorySocket {
  isSlow = false;
  #done: (() => void) | undefined;

  /** Takes one answer, and so lets the next write begin. */
  takeAnswer(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.();
  }

  override _write(chunk: Buffer, encoding: string, done: () => void): void {
    super._write(chunk, encoding, () => {
      if (this.isSlow) this.#done = done;
      else done();
    });
  }
}

let clock: FakeClock;
let socket: SlowSocket;
let connection: ReceiverConnection;

beforeEach(async () => {
  clock = new FakeClock();
  socket = new SlowSocket();
  const intake = new Intake({
    spn,
    proveCaller: async (principal) => ({ principal, account: 'DC1$', domain: 'FABRIKAM' }),
    onChange: async () => undefined,
    onHeartbeat: () => undefined,
    events: () => undefined,
    report: (error) => {
      throw error;
    },
    clock,
    kerberos: new FakeKerberos(),
    maxInFlight: 64,
  });
  connection = new ReceiverConnection(socket.asTlsSocket, intake, () => undefined);
  await say({ kind: 'hello', version: 1, clock: clock.now(), nonce, spn });
  // The receiver's nonce stands behind header, magic, version and clock.
  const receiverNonce = socket.lastAnswer.subarray(19, 19 + nonceLength);
  const token = fakeToken(spn, 'DC1$@FABRIKAM.LAB', 1);
  const transcript = { binding: Buffer.alloc(32), senderNonce: nonce, receiverNonce, spn };
  await say({ kind: 'authenticate', proof: proveSession('sender', transcript, token), token });
  expect(connection.isAuthenticated).toBe(true);
  socket.isSlow = true;
});

async function say(frame: Frame): Promise<void> {
  const out = new FrameOutput();
  writeFrame(out, frame);
  socket.push(Uint8Array.from(out.written));
  await new Promise((resolve) => setImmediate(resolve));
}

const heartbeat = (sequence: number): Frame => ({
  kind: 'heartbeat',
  sequence,
  clock: clock.now(),
  host: 'dc1.fabrikam.lab',
  productVersion: '1',
  queued: 0,
  oldest: undefined,
  lastCaptured: undefined,
});

test('a connection that writes at every look is kept as long as its peer takes something', async () => {
  for (let second = 1; second <= 120; second += 1) {
    await say(heartbeat(second));
    clock.advance(1000);
    connection.check(clock.now());
    socket.takeAnswer();
  }
  expect(socket.destroyed).toBe(false);
});

test('a connection whose peer takes nothing for half a minute is ended', async () => {
  await say(heartbeat(1));
  for (let second = 1; second <= 30; second += 1) {
    connection.check(clock.now());
    expect(socket.destroyed).toBe(false);
    clock.advance(1000);
  }
  connection.check(clock.now());
  expect(socket.destroyed).toBe(true);
});
