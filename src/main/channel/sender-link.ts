import { randomBytes } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

import type { CapturedChange } from '#shared/model/change.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { ChannelClock } from './channel-clock.ts';
import { ChannelError } from './channel-error.ts';
import {
  type Ack,
  type Authenticated,
  type Frame,
  FrameError,
  type FrameKind,
  maxClockDifference,
  type Nak,
  nonceLength,
  protocolVersion,
  type SenderStatus,
  type Welcome,
  window as widest,
} from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import { fromKerberos, type KerberosPort } from './kerberos-port.ts';
import { isSameProof, proveSession, sessionBinding } from './session-proof.ts';

/** The receiver has a change sealed and on disk. */
export interface Receipt {
  readonly trackingId: string;
  /** The receiver's clock, milliseconds since 1970 UTC. */
  readonly receivedAt: number;
}

export interface LinkOptions {
  readonly spn: string;
  /** Which of several identities to use. */
  readonly principal?: string | undefined;
  /** How long one answer may take, milliseconds. */
  readonly answerTimeout: number;
  readonly kerberos: KerberosPort;
  readonly clock: ChannelClock;
}

interface Pending {
  readonly deadline: number;
  /** Undefined for a heartbeat. */
  readonly trackingId: string | undefined;
  readonly onAnswer: (frame: Frame) => void;
  readonly onFailure: (error: ChannelError) => void;
}

interface Waiting {
  readonly change: CapturedChange;
  readonly password: SecretBytes;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
}

/** How often answers are looked at for their time limit, milliseconds. */
const sweepInterval = 250;

/** One authenticated connection to a receiver. Once it failed it stays failed, with one reason. */
export class SenderLink {
  readonly #socket: TLSSocket;
  readonly #options: LinkOptions;
  readonly #writer: FrameWriter;
  readonly #reader: FrameReader;
  readonly #pending = new Map<number, Pending>();
  readonly #waiting: Waiting[] = [];
  #awaited:
    | { kind: FrameKind; resolve: (frame: Frame) => void; reject: (error: ChannelError) => void }
    | undefined;
  #failure: ChannelError | undefined;
  #isOpen = false;
  #window = 1;
  #sequence = 0;
  #cancelSweep: (() => void) | undefined;

  private constructor(socket: TLSSocket, options: LinkOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#writer = new FrameWriter(socket);
    this.#reader = new FrameReader({
      expects: (kind) => this.#expects(kind),
      onFrame: (frame) => this.#onFrame(frame),
    });
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', (cause) =>
      this.#fail(new ChannelError('lost', `The connection broke: ${cause.message}`, { cause })),
    );
    socket.once('close', () => {
      this.#fail(new ChannelError('lost', 'The receiver closed the connection'));
      this.#writer.discard();
    });
  }

  /**
   * Authenticates both ends on a fresh TLS connection to a trusted key. Throws `ChannelError`; the socket is
   * destroyed then.
   */
  static async open(socket: TLSSocket, options: LinkOptions, signal: AbortSignal): Promise<SenderLink> {
    const link = new SenderLink(socket, options);
    const onAbort = (): void => link.#fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      await link.#authenticate();
      return link;
    } catch (error) {
      const failure = fromKerberos(error);
      link.#fail(
        failure instanceof ChannelError
          ? failure
          : new ChannelError('kerberos', String(error), { cause: error }),
      );
      throw link.#failure ?? failure;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  get isClosed(): boolean {
    return this.#failure !== undefined;
  }

  /** Resolves when the receiver has the change on disk. The password stays the caller's, who keeps it until then. */
  send(change: CapturedChange, password: SecretBytes): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, password, resolve, reject });
      this.#pump();
    });
  }

  /** Tells how the sender does; returns the sender's clock minus the receiver's, milliseconds. */
  heartbeat(status: SenderStatus): Promise<number> {
    return new Promise((resolve, reject) => {
      const clock = this.#options.clock.now();
      this.#ask(
        { kind: 'heartbeat', sequence: this.#sequence + 1, clock, ...status },
        undefined,
        reject,
        (frame) => {
          // The answer was written about half a round trip ago.
          const middle = (clock + this.#options.clock.now()) / 2;
          if (frame.kind === 'heartbeat-answer') resolve(Math.round(middle - frame.clock));
          else this.#fail(new ChannelError('protocol', `A ${frame.kind} in answer to a heartbeat`));
        },
      );
    });
  }

  /** Takes leave and closes. What is not answered yet fails with `closed`. */
  close(): void {
    if (this.#failure !== undefined) return;
    this.#writer.send({ kind: 'bye', code: 'closed', event: 0, message: 'The sender closes' });
    this.#end(new ChannelError('closed', 'The connection was closed here'));
    this.#writer.end();
    this.#socket.setTimeout(1000, () => this.#socket.destroy());
  }

  async #authenticate(): Promise<void> {
    const { spn, principal, kerberos, clock } = this.#options;
    const senderNonce = randomBytes(nonceLength);
    this.#write({ kind: 'hello', version: protocolVersion, clock: clock.now(), nonce: senderNonce, spn });
    const welcome = await this.#await<Welcome>('welcome');
    if (welcome.version !== protocolVersion)
      throw new ChannelError(
        'version',
        `The receiver speaks version ${welcome.version}, this sender ${protocolVersion}`,
      );
    requireSameClock(clock.now(), welcome.clock);
    const binding = sessionBinding(this.#socket);
    const transcript = { binding, senderNonce, receiverNonce: welcome.nonce, spn };
    const initiator = await kerberos.openInitiator({ spn, principal });
    const token = await initiator.token();
    const proof = proveSession('sender', transcript, token);
    this.#write({ kind: 'authenticate', proof, token });
    const { proof: theirs, reply } = await this.#await<Authenticated>('authenticated');
    if (!isSameProof(theirs, proveSession('receiver', transcript, reply)))
      throw new ChannelError('relayed', "The receiver's answer belongs to another connection");
    await initiator.finish(reply);
    if (this.#failure !== undefined) throw this.#failure;
    this.#window = Math.max(1, Math.min(welcome.window, widest));
    this.#isOpen = true;
  }

  #await<F extends Frame>(kind: F['kind']): Promise<F> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) reject(this.#failure);
      else this.#awaited = { kind, resolve: (frame) => resolve(frame as F), reject };
    });
  }

  #expects(kind: FrameKind): boolean {
    if (kind === 'bye') return true;
    if (this.#isOpen) return kind === 'ack' || kind === 'nak' || kind === 'heartbeat-answer';
    return kind === this.#awaited?.kind;
  }

  #onData(chunk: Buffer): void {
    try {
      this.#reader.push(chunk);
    } catch (cause) {
      this.#fail(
        cause instanceof ChannelError
          ? cause
          : new ChannelError('protocol', `The receiver breaks the protocol: ${String(cause)}`, { cause }),
      );
    }
  }

  #onFrame(frame: Frame): void {
    if (frame.kind === 'bye') this.#fail(ChannelError.fromRemote(frame.code, frame.message));
    else if (this.#isOpen) this.#onAnswer(frame as Ack | Nak);
    else if (this.#awaited !== undefined) {
      const { resolve } = this.#awaited;
      this.#awaited = undefined;
      resolve(copyOf(frame));
    }
  }

  #onAnswer(frame: { readonly sequence: number; readonly trackingId?: string } & Frame): void {
    const pending = this.#pending.get(frame.sequence);
    if (pending === undefined || frame.trackingId?.toLowerCase() !== pending.trackingId?.toLowerCase())
      throw new FrameError(`A ${frame.kind} that answers nothing`);
    this.#pending.delete(frame.sequence);
    pending.onAnswer(frame);
    this.#pump();
  }

  /** Sends what waits, in order, as far as the receiver's window goes. */
  #pump(): void {
    while (this.#pending.size < this.#window) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#transmit(next);
    }
  }

  #transmit({ change, password, resolve, reject }: Waiting): void {
    try {
      const frame = {
        kind: 'change',
        sequence: this.#sequence + 1,
        change,
        password: password.bytes,
      } as const;
      this.#ask(frame, change.trackingId, reject, (answer) => {
        if (answer.kind === 'ack') resolve({ trackingId: change.trackingId, receivedAt: answer.receivedAt });
        else if (answer.kind === 'nak')
          reject(ChannelError.fromRemote(answer.code, answer.message, answer.retry ? 'delivery' : 'change'));
      });
    } catch (cause) {
      reject(
        cause instanceof FrameError
          ? new ChannelError('invalid', `The change of ${change.account} cannot be sent: ${cause.message}`, {
              cause,
            })
          : cause,
      );
    }
  }

  #ask(
    frame: Frame & { readonly sequence: number },
    trackingId: string | undefined,
    onFailure: (error: ChannelError) => void,
    onAnswer: (frame: Frame) => void,
  ): void {
    if (this.#failure !== undefined) {
      onFailure(this.#failure);
      return;
    }
    this.#writer.send(frame);
    this.#sequence = frame.sequence;
    const deadline = this.#options.clock.now() + this.#options.answerTimeout;
    this.#pending.set(frame.sequence, { deadline, trackingId, onAnswer, onFailure });
    this.#cancelSweep ??= this.#options.clock.schedule(sweepInterval, () => this.#sweep());
  }

  /** An answer that is late leaves everything in doubt: the link ends, and the queue sends again. */
  #sweep(): void {
    this.#cancelSweep = undefined;
    const now = this.#options.clock.now();
    for (const { deadline } of this.#pending.values()) {
      if (deadline > now) continue;
      this.#fail(
        new ChannelError('timeout', `The receiver gave no answer within ${this.#options.answerTimeout} ms`),
      );
      return;
    }
    if (this.#pending.size > 0)
      this.#cancelSweep = this.#options.clock.schedule(sweepInterval, () => this.#sweep());
  }

  #write(frame: Frame): void {
    if (this.#failure === undefined) this.#writer.send(frame);
  }

  #fail(error: ChannelError): void {
    if (this.#failure !== undefined) return;
    this.#end(error);
    this.#socket.destroy();
  }

  #end(error: ChannelError): void {
    this.#failure = error;
    this.#reader.close();
    this.#cancelSweep?.();
    this.#awaited?.reject(error);
    for (const { onFailure } of this.#pending.values()) onFailure(error);
    this.#pending.clear();
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

/** A frame that outlives its bytes, which are wiped when its handler returns. */
function copyOf(frame: Frame): Frame {
  if (frame.kind === 'welcome') return { ...frame, nonce: new Uint8Array(frame.nonce) };
  if (frame.kind !== 'authenticated') return frame;
  return { ...frame, proof: new Uint8Array(frame.proof), reply: new Uint8Array(frame.reply) };
}

function requireSameClock(ours: number, theirs: number): void {
  const difference = Math.round((ours - theirs) / 1000);
  if (Math.abs(difference) * 1000 <= maxClockDifference) return;
  const side = difference > 0 ? 'ahead of' : 'behind';
  throw new ChannelError(
    'clock-skew',
    `The sender's clock is ${Math.abs(difference)} s ${side} the receiver's`,
  );
}
