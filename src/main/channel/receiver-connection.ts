import { randomBytes } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

import type { CapturedChange } from '#shared/model/change.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { Caller } from './caller.ts';
import { ChannelError } from './channel-error.ts';
import {
  type Authenticate,
  type ChangeFrame,
  type Frame,
  FrameError,
  type FrameKind,
  type Heartbeat,
  type Hello,
  nonceLength,
  protocolVersion,
  window,
} from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import { fromKerberos } from './kerberos-port.ts';
import type { Intake } from './receiver-intake.ts';
import { requireSameTime } from './require-same-time.ts';
import { requireService } from './require-service.ts';
import { isSameProof, proveSession, type SessionTranscript, sessionBinding } from './session-proof.ts';

/** Answers that a peer does not read may pile up to this many bytes. */
const maxUnread = 262_144;
/** A frame that was begun, and an answer that was written, must be through within this time, milliseconds. */
const stallLimit = 30_000;
/** How long a peer that was told goodbye may keep the connection, milliseconds. */
const leaveLimit = 2000;
/** A caller who goes on sending is proven anew after this time, milliseconds. */
const proofLifetime = 60_000;

type State = 'hello' | 'authenticate' | 'proving' | 'open' | 'closed';

const expected: Readonly<Record<State, readonly FrameKind[]>> = {
  hello: ['hello', 'bye'],
  authenticate: ['authenticate', 'bye'],
  // The caller has to wait for the answer.
  proving: ['bye'],
  open: ['change', 'heartbeat', 'secret-request', 'padding', 'bye'],
  closed: [],
};

/** One sender's connection, from its first frame to its last. */
export class ReceiverConnection {
  readonly #socket: TLSSocket;
  readonly #intake: Intake;
  readonly #onAuthenticated: () => void;
  readonly #reader: FrameReader;
  readonly #writer: FrameWriter;
  readonly #address: string;
  /** Changes under way by account: one account's changes go one after the other. */
  readonly #accounts = new Map<string, Promise<void>>();
  #state: State = 'hello';
  #transcript: SessionTranscript | undefined;
  #caller: Caller | undefined;
  #provenAt = 0;
  #sequence = 0;
  #inFlight = 0;
  #stall: { readonly frames: number; readonly since: number } | undefined;
  #writing: { readonly write: number; readonly since: number } | undefined;

  constructor(socket: TLSSocket, intake: Intake, onAuthenticated: () => void) {
    this.#socket = socket;
    this.#intake = intake;
    this.#onAuthenticated = onAuthenticated;
    this.#address = socket.remoteAddress ?? 'an unknown address';
    this.#writer = new FrameWriter(socket);
    this.#reader = new FrameReader({
      expects: (kind) => expected[this.#state].includes(kind),
      onFrame: (frame) => this.#onFrame(frame),
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    // `close` follows and says all there is to do.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#state = 'closed';
      this.#reader.close();
      this.#writer.discard();
    });
  }

  get isAuthenticated(): boolean {
    return this.#caller !== undefined;
  }

  /** Reads no further; resolves when no change of this connection is under way any more. */
  async drain(): Promise<void> {
    this.#socket.pause();
    await Promise.all(this.#accounts.values());
  }

  /** Ends connections that stand still: called from time to time. */
  check(now: number): void {
    const frames = this.#reader.count;
    if (!this.#reader.isWithinFrame) this.#stall = undefined;
    else if (this.#stall?.frames !== frames) this.#stall = { frames, since: now };
    const write = this.#writer.underWay;
    if (write === undefined) this.#writing = undefined;
    // A busy connection is found writing each time, but never the same again.
    else if (this.#writing?.write !== write) this.#writing = { write, since: now };
    const since = Math.min(this.#stall?.since ?? now, this.#writing?.since ?? now);
    if (now - since >= stallLimit) this.#socket.destroy();
  }

  /** Says why, and closes. */
  close(error: ChannelError): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#reader.close();
    this.#writer.send({ kind: 'bye', code: error.code, event: error.event, message: error.message });
    this.#leave();
  }

  #leave(): void {
    this.#writer.end();
    // The peer's end is noticed only by reading on; the reader wipes what still comes.
    this.#socket.resume();
    this.#socket.setTimeout(leaveLimit, () => this.#socket.destroy());
  }

  #onData(chunk: Buffer): void {
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#refuse(
        error instanceof FrameError
          ? new ChannelError('protocol', `The sender breaks the protocol: ${error.message}`, { cause: error })
          : error,
      );
    }
  }

  #onFrame(frame: Frame): void {
    if (frame.kind === 'hello') this.#greet(frame);
    else if (frame.kind === 'authenticate') this.#authenticate(frame);
    else if (frame.kind === 'change') this.#take(frame);
    else if (frame.kind === 'heartbeat') this.#answerHeartbeat(frame);
    else if (frame.kind === 'secret-request') this.#giveSecret(frame.sequence);
    else if (frame.kind === 'bye') {
      this.#state = 'closed';
      this.#leave();
    }
  }

  #greet({ version, clock, nonce, spn }: Hello): void {
    const now = this.#intake.clock.now();
    if (version !== protocolVersion)
      throw new ChannelError(
        'version',
        `The sender speaks version ${version}, this receiver ${protocolVersion}`,
      );
    requireService(this.#intake.spn, spn);
    requireSameTime(clock, now);
    const receiverNonce = randomBytes(nonceLength);
    const binding = sessionBinding(this.#socket);
    this.#transcript = { binding, senderNonce: new Uint8Array(nonce), receiverNonce, spn };
    this.#state = 'authenticate';
    this.#writer.send({
      kind: 'welcome',
      version: protocolVersion,
      clock: now,
      nonce: receiverNonce,
      window,
    });
  }

  #authenticate(frame: Authenticate): void {
    const transcript = this.#transcript;
    if (transcript === undefined) throw new FrameError('An authentication without a greeting');
    if (!isSameProof(frame.proof, proveSession('sender', transcript, frame.token)))
      throw new ChannelError('relayed', "The sender's token belongs to another connection");
    this.#state = 'proving';
    this.#prove(new Uint8Array(frame.token), transcript).catch((error: unknown) => this.#refuse(error));
  }

  async #prove(token: Uint8Array, transcript: SessionTranscript): Promise<void> {
    const { caller, reply } = await this.#intake.admit(token);
    if (this.#state !== 'proving') return;
    this.#caller = caller;
    this.#provenAt = this.#intake.clock.now();
    this.#state = 'open';
    this.#onAuthenticated();
    const proof = proveSession('receiver', transcript, reply);
    this.#writer.send({ kind: 'authenticated', proof, reply });
  }

  #take(frame: ChangeFrame): void {
    const caller = this.#requireCaller();
    this.#count(frame.sequence);
    const { change } = frame;
    if (change.domain.toLowerCase() !== caller.domain.toLowerCase())
      throw new ChannelError(
        'not-a-domain-controller',
        `${caller.principal} is refused: it spoke for an account of ${change.domain}`,
      );
    if (this.#inFlight >= window) throw new FrameError(`More than ${window} changes without an answer`);
    this.#renewProof(caller);
    const account = change.objectGuid;
    // The reader wipes the frame when this returns.
    const password = SecretBytes.copy(frame.password);
    this.#inFlight += 1;
    const done = this.#process(frame.sequence, change, password, caller, this.#accounts.get(account)).finally(
      () => {
        this.#inFlight -= 1;
        if (this.#accounts.get(account) === done) this.#accounts.delete(account);
      },
    );
    this.#accounts.set(account, done);
  }

  async #process(
    sequence: number,
    change: CapturedChange,
    password: SecretBytes,
    caller: Caller,
    before: Promise<void> | undefined,
  ): Promise<void> {
    const { trackingId } = change;
    const receivedAt = this.#intake.clock.now();
    try {
      if (before !== undefined) await before;
      // Nobody would hear the answer, and the sender sends it again.
      if (this.#state === 'closed') return;
      const refusal = await this.#intake.take(change, password, caller);
      if (refusal === undefined) this.#answer({ kind: 'ack', sequence, trackingId, receivedAt });
      else this.#answer({ kind: 'nak', sequence, trackingId, ...refusal });
    } finally {
      password.wipe();
    }
  }

  /** Ends the connection of a caller who is no domain controller any more; a directory that is away changes nothing. */
  #renewProof({ principal }: Caller): void {
    const now = this.#intake.clock.now();
    if (now - this.#provenAt < proofLifetime) return;
    this.#provenAt = now;
    this.#intake.prove(principal).catch((error: unknown) => {
      if (error instanceof ChannelError && error.isVerdict) this.#refuse(error);
    });
  }

  #answerHeartbeat({ kind: _kind, sequence, clock, ...status }: Heartbeat): void {
    const caller = this.#requireCaller();
    this.#count(sequence);
    const now = this.#intake.clock.now();
    this.#intake.hear({ ...status, clockDifferenceMs: clock - now }, caller);
    this.#answer({ kind: 'heartbeat-answer', sequence, clock: now });
  }

  #giveSecret(sequence: number): void {
    const caller = this.#requireCaller();
    this.#count(sequence);
    void this.#intake.giveSecret(caller).then((given) => {
      if (typeof given === 'string')
        this.#answer({ kind: 'secret-answer', sequence, refusal: given, keys: new Uint8Array(0) });
      else {
        using keys = given;
        this.#answer({ kind: 'secret-answer', sequence, refusal: '', keys: keys.bytes });
      }
    });
  }

  #answer(frame: Frame): void {
    if (this.#state === 'closed') return;
    if (this.#writer.waiting > maxUnread) this.#socket.destroy();
    else this.#writer.send(frame);
  }

  /** Frames that want an answer are numbered without a gap: none is missing, none comes twice. */
  #count(sequence: number): void {
    if (sequence !== this.#sequence + 1)
      throw new FrameError(`Frame ${sequence} where ${this.#sequence + 1} was due`);
    this.#sequence = sequence;
  }

  #requireCaller(): Caller {
    if (this.#caller === undefined) throw new FrameError('A frame before the authentication');
    return this.#caller;
  }

  #refuse(error: unknown): void {
    if (this.#state === 'closed') return;
    const named = fromKerberos(error);
    const failure =
      named instanceof ChannelError
        ? named
        : new ChannelError('refused', 'The receiver failed', { cause: error, reach: 'target' });
    this.#intake.noteRefusal(failure, this.#address, this.#caller);
    this.close(failure);
  }
}
