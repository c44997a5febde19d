import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Caller } from '#channel/caller.ts';
import type { ChannelEvent } from '#channel/channel-event.ts';
import { type Receiver, type ReceiverOptions, startReceiver } from '#channel/receiver.ts';
import { openReceiverIdentity, type ReceiverIdentity } from '#channel/receiver-identity.ts';
import type { HeardStatus } from '#channel/receiver-intake.ts';
import { type ChannelSender, openSender, type SenderOptions } from '#channel/sender.ts';
import type { CapturedChange, TrackingId } from '#shared/model/change.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { noteRaised } from '#test/raised-events.ts';

import { FakeClock } from './fake-clock.ts';
import { FakeKerberos } from './fake-kerberos.ts';

export const spn = 'PCNSCLNT/intsvr1.fabrikam.lab';

let identity: Promise<ReceiverIdentity> | undefined;
/** One key for all tests of a file: making one loads a library. */
export function testIdentity(): Promise<ReceiverIdentity> {
  identity ??= makeIdentity();
  return identity;
}

async function makeIdentity(): Promise<ReceiverIdentity> {
  const directory = mkdtempSync(join(tmpdir(), 'carillon-channel-'));
  try {
    return await openReceiverIdentity(join(directory, 'channel.pem'), 'intsvr1.fabrikam.lab');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export function newChange(fields: Partial<CapturedChange> = {}): CapturedChange {
  return {
    trackingId: randomUUID() as TrackingId,
    objectGuid: randomUUID(),
    domain: 'FABRIKAM',
    account: 'alice',
    sourceServer: 'dc1.fabrikam.lab',
    committedAt: 1_700_000_000_000,
    version: 3,
    capturedAt: 1_700_000_000_500,
    queuedAt: 1_700_000_000_500,
    sentAt: 1_700_000_000_500,
    ...fields,
  };
}

export function secret(text: string): SecretBytes {
  return SecretBytes.take(new TextEncoder().encode(text));
}

export interface Received {
  readonly change: CapturedChange;
  readonly password: string;
  readonly caller: Caller;
}

/** A receiver on loopback, and senders to it. */
export class ChannelWorld implements AsyncDisposable {
  readonly kerberos = new FakeKerberos();
  /** The receiver's. */
  readonly clock = new FakeClock();
  readonly received: Received[] = [];
  readonly heard: HeardStatus[] = [];
  readonly events: ChannelEvent[] = [];
  readonly reported: unknown[] = [];
  /** Secrets as they were handed over, to see that they were wiped. */
  readonly secrets: SecretBytes[] = [];
  readonly #open: ChannelSender[] = [];
  #receiver: Receiver | undefined;

  get receiver(): Receiver {
    if (this.#receiver === undefined) throw new Error('The receiver was not started');
    return this.#receiver;
  }

  async start(options: Partial<ReceiverOptions> = {}): Promise<this> {
    this.#receiver = await startReceiver({
      host: '127.0.0.1',
      port: 0,
      spn,
      identity: await testIdentity(),
      kerberos: this.kerberos,
      clock: this.clock,
      proveCaller: async (principal) => ({
        principal,
        account: principal.split('@')[0] ?? '',
        domain: 'FABRIKAM',
      }),
      onChange: async (change, password, caller) => {
        this.secrets.push(password);
        this.received.push({ change, password: Buffer.from(password.bytes).toString(), caller });
      },
      onHeartbeat: (status) => {
        this.heard.push(status);
      },
      events: (event) => {
        noteRaised(event.number);
        this.events.push(event);
      },
      report: (error) => this.reported.push(error),
      ...options,
    });
    return this;
  }

  senderOptions(options: Partial<SenderOptions> = {}): SenderOptions {
    const { port, fingerprint } = this.receiver;
    return {
      host: '127.0.0.1',
      port,
      spn,
      pin: fingerprint,
      kerberos: this.kerberos,
      ...options,
    } as SenderOptions;
  }

  async openSender(options: Partial<SenderOptions> = {}): Promise<ChannelSender> {
    const sender = await openSender(this.senderOptions(options));
    this.#open.push(sender);
    return sender;
  }

  /** Stops the receiver, which loses its patience with changes that never end. */
  async stop(): Promise<void> {
    const stopped = this.#receiver?.stop();
    await new Promise((resolve) => setImmediate(resolve));
    this.clock.advance(6000);
    await stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#open.map((sender) => sender.close()));
    await this.stop();
  }
}
