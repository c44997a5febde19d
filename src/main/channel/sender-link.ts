import { randomBytes } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

import type { CapturedChange, TrackingId } from '#shared/model/change.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { ChannelClock } from './channel-clock.ts';
import { ChannelError } from './channel-error.ts';
import { copyOfFrame } from './copy-of-frame.ts';
import {
  type Authenticated,
  type Frame,
  FrameError,
  type FrameKind,
  nonceLength,
  protocolVersion,
  type SenderStatus,
  type Welcome,
  window as widest,
} from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import type { KerberosPort } from './kerberos-port.ts';
import { type Answer, PendingAnswers } from './pending-answers.ts';
import { requireSameTime } from './require-same-time.ts';
import { isSameProof, proveSession, sessionBinding } from './session-proof.ts';
import { toChannelError } from './to-channel-error.ts';
import { TrailingPadding } from './trailing-padding.ts';

/** The receiver has a change sealed and on disk. */
export interface Receipt {
  readonly trackingId: TrackingId;
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

interface Waiting {
  readonly change: CapturedChange;
  readonly password: SecretBytes;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
}

interface Awaited {
  readonly kind: FrameKind;
  readonly resolve: (frame: Frame) => void;
  readonly reject: (error: ChannelError) => void;
}

const answers: readonly FrameKind[] = ['ack', 'nak', 'heartbeat-answer', 'secret-answer'];

/** One authenticated connection to a receiver. Once it failed it stays failed, with one reason. */
export class SenderLink {
  readonly #socket: TLSSocket;
  readonly #options: LinkOptions;
  readonly #writer: FrameWriter;
  readonly #reader: FrameReader;
  readonly #pending: PendingAnswers;
  readonly #padding: TrailingPadding;
  /** Changes that the receiver's window has no room for yet. */
  readonly #waiting: Waiting[] = [];
  /** The frame that the handshake waits for. */
  #awaited: Awaited | undefined;
  #failure: ChannelError | undefined;
  #isOpen = false;
  #window = 1;
  #sequence = 0;

  private constructor(socket: TLSSocket, options: LinkOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#writer = new FrameWriter(socket);
    this.#reader = new FrameReader({
      expects: (kind) => this.#expects(kind),
      onFrame: (frame) => this.#onFrame(frame),
    });
    const { clock, answerTimeout: timeout } = options;
    const late = `The receiver gave no answer within ${timeout} ms`;
    // A late answer leaves everything in doubt: the link ends, and whoever queues the changes sends them again.
    const onLate = (): void => this.#fail(new ChannelError('timeout', late));
    this.#pending = new PendingAnswers({ clock, timeout, onLate });
    this.#padding = new TrailingPadding({
      clock,
      send: (padding) => this.#writer.send(padding),
      isBusy: () => this.#pending.size > 0,
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
    const onAbort = (): void => link.#fail(toChannelError(signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      await link.#authenticate();
    } catch (error) {
      link.#fail(toChannelError(error));
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    if (link.#failure !== undefined) throw link.#failure;
    return link;
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

  /** Tells how the sender does; resolves to the sender's clock minus the receiver's, milliseconds. */
  heartbeat(status: SenderStatus): Promise<number> {
    return new Promise((resolve, reject) => {
      const clock = this.#options.clock.now();
      const frame = { kind: 'heartbeat', sequence: this.#sequence + 1, clock, ...status } as const;
      this.#ask(frame, undefined, reject, (answer) => {
        // The receiver read its clock about half a round trip ago.
        const middle = (clock + this.#options.clock.now()) / 2;
        if (answer.kind === 'heartbeat-answer') resolve(Math.round(middle - answer.clock));
      });
    });
  }

  /** The master secret of the server at the other end, packed; the caller wipes it. Rejects with `refused`. */
  requestSecret(): Promise<SecretBytes> {
    return new Promise((resolve, reject) => {
      const frame = { kind: 'secret-request', sequence: this.#sequence + 1 } as const;
      this.#ask(frame, undefined, reject, (answer) => {
        if (answer.kind !== 'secret-answer') return;
        if (answer.refusal === '') resolve(SecretBytes.copy(answer.keys));
        else reject(ChannelError.fromRemote('refused', answer.refusal));
      });
    });
  }

  /** Takes leave and closes. What is not answered yet fails with `closed`. */
  close(): void {
    if (this.#failure !== undefined) return;
    this.#padding.flush();
    this.#writer.send({ kind: 'bye', code: 'closed', event: 0, message: 'The sender closes' });
    this.#end(new ChannelError('closed', 'The connection was closed here'));
    this.#writer.end();
    this.#socket.setTimeout(1000, () => this.#socket.destroy());
  }

  async #authenticate(): Promise<void> {
    const { spn, principal, kerberos, clock } = this.#options;
    const senderNonce = randomBytes(nonceLength);
    this.#writer.send({
      kind: 'hello',
      version: protocolVersion,
      clock: clock.now(),
      nonce: senderNonce,
      spn,
    });
    const { version, clock: theirClock, nonce, window } = await this.#await<Welcome>('welcome');
    if (version !== protocolVersion)
      throw new ChannelError('version', `The receiver speaks version ${version}, not ${protocolVersion}`);
    requireSameTime(clock.now(), theirClock);
    const binding = sessionBinding(this.#socket);
    const transcript = { binding, senderNonce, receiverNonce: nonce, spn };
    const initiator = await kerberos.openInitiator({ spn, principal });
    const token = await initiator.token();
    this.#writer.send({ kind: 'authenticate', proof: proveSession('sender', transcript, token), token });
    const { proof, reply } = await this.#await<Authenticated>('authenticated');
    if (!isSameProof(proof, proveSession('receiver', transcript, reply)))
      throw new ChannelError('relayed', "The receiver's answer belongs to another connection");
    await initiator.finish(reply);
    this.#window = Math.max(1, Math.min(window, widest));
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
    if (this.#isOpen) return answers.includes(kind);
    return kind === this.#awaited?.kind;
  }

  #onData(chunk: Buffer): void {
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#fail(toChannelError(error));
    }
  }

  #onFrame(frame: Frame): void {
    if (frame.kind === 'bye') this.#fail(ChannelError.fromRemote(frame.code, frame.message));
    else if (this.#isOpen) this.#onAnswer(frame as Answer);
    else {
      const awaited = this.#awaited;
      this.#awaited = undefined;
      awaited?.resolve(copyOfFrame(frame));
    }
  }

  #onAnswer(answer: Answer): void {
    if (!this.#pending.settle(answer)) throw new FrameError(`A ${answer.kind} that answers nothing`);
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
    const { trackingId, account } = change;
    try {
      const sequence = this.#sequence + 1;
      this.#ask(
        { kind: 'change', sequence, change, password: password.bytes },
        trackingId,
        reject,
        (answer) => {
          if (answer.kind === 'ack') resolve({ trackingId, receivedAt: answer.receivedAt });
          else if (answer.kind === 'nak')
            reject(
              ChannelError.fromRemote(answer.code, answer.message, answer.retry ? 'delivery' : 'change'),
            );
        },
      );
      this.#padding.schedule();
    } catch (cause) {
      const why = cause instanceof FrameError ? cause.message : String(cause);
      reject(new ChannelError('invalid', `The change of ${account} cannot be sent: ${why}`, { cause }));
    }
  }

  #ask(
    frame: Frame & { readonly sequence: number },
    trackingId: string | undefined,
    onFailure: (error: ChannelError) => void,
    onAnswer: (answer: Answer) => void,
  ): void {
    if (this.#failure !== undefined) {
      onFailure(this.#failure);
      return;
    }
    this.#writer.send(frame);
    // Only now: a frame that could not be written has not used its number up.
    this.#sequence = frame.sequence;
    this.#pending.add(frame.sequence, { trackingId, onAnswer, onFailure });
  }

  #fail(error: ChannelError): void {
    if (this.#failure !== undefined) return;
    this.#end(error);
    this.#socket.destroy();
  }

  #end(error: ChannelError): void {
    this.#failure = error;
    this.#reader.close();
    this.#padding.stop();
    this.#awaited?.reject(error);
    this.#pending.fail(error);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
