import type { CapturedChange } from '#shared/model/change.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { type ChannelClock, wallClock } from './channel-clock.ts';
import { ChannelError } from './channel-error.ts';
import { dialReceiver, type ReceiverAddress, type ReceiverTrust } from './dial-receiver.ts';
import type { SenderStatus } from './frame.ts';
import { type KerberosPort, systemKerberos } from './kerberos-port.ts';
import { type Receipt, SenderLink } from './sender-link.ts';
import type { SpnFinding } from './spn-diagnosis.ts';

export type SenderOptions = ReceiverAddress &
  ReceiverTrust & {
    /** Service principal name of the receiver, `class/host`. */
    readonly spn: string;
    /** Which of several identities to use, `name@REALM`. */
    readonly principal?: string | undefined;
    readonly timeouts?: {
      /** Until a connection stands and both ends are proven, milliseconds; 10 s by default. */
      readonly connect?: number;
      /** Until one change is answered, milliseconds; 30 s by default. */
      readonly answer?: number;
    };
    /** Asks the directory what is wrong with the name, when Kerberos does not find it. */
    readonly diagnose?: ((spn: string) => Promise<SpnFinding | undefined>) | undefined;
    readonly kerberos?: KerberosPort;
    readonly clock?: ChannelClock;
  };

/**
 * The way to one receiver, over one connection that is opened again when it is needed after a loss.
 * Nothing is sent twice by itself: whoever queues the changes decides.
 */
export interface ChannelSender {
  /** Resolves once the receiver has the change sealed and on disk; the password stays the caller's. Throws `ChannelError`. */
  send(change: CapturedChange, password: SecretBytes): Promise<Receipt>;
  /** Throws `ChannelError`. */
  heartbeat(status: SenderStatus): Promise<{
    /** The sender's clock minus the receiver's, milliseconds. */
    readonly clockDifferenceMs: number;
  }>;
  /** The master secret that a single sign-on server keeps, packed; the caller wipes it. Throws `ChannelError`. */
  requestSecret(): Promise<SecretBytes>;
  close(): Promise<void>;
}

/** Opens the way to a receiver and proves both ends to each other. Throws `ChannelError`. */
export async function openSender(options: SenderOptions): Promise<ChannelSender> {
  const sender = new Sender(options);
  await sender.connect();
  return sender;
}

class Sender implements ChannelSender {
  readonly #options: SenderOptions;
  #link: Promise<SenderLink> | undefined;
  #isClosed = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  async connect(): Promise<SenderLink> {
    if (this.#isClosed) throw new ChannelError('closed', 'The sender was closed');
    this.#link ??= this.#open();
    const opening = this.#link;
    const link = await opening;
    if (!link.isClosed) return link;
    // The first to notice the loss opens the next connection; the others share it.
    if (this.#link === opening) this.#link = undefined;
    return this.connect();
  }

  async send(change: CapturedChange, password: SecretBytes): Promise<Receipt> {
    const link = await this.connect();
    return link.send(change, password);
  }

  async heartbeat(status: SenderStatus): Promise<{ readonly clockDifferenceMs: number }> {
    const link = await this.connect();
    return { clockDifferenceMs: await link.heartbeat(status) };
  }

  async requestSecret(): Promise<SecretBytes> {
    const link = await this.connect();
    return await link.requestSecret();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const link = await this.#link?.catch(() => undefined);
    link?.close();
  }

  async #open(): Promise<SenderLink> {
    try {
      return await this.#dial();
    } catch (error) {
      this.#link = undefined;
      throw await this.#enrich(error);
    }
  }

  async #dial(): Promise<SenderLink> {
    const { timeouts, clock = wallClock, kerberos = systemKerberos, spn, principal } = this.#options;
    const limit = timeouts?.connect ?? 10_000;
    const { host, port } = this.#options;
    const abort = new AbortController();
    const cancel = clock.schedule(limit, () =>
      abort.abort(
        new ChannelError('timeout', `${host}:${port} did not finish the handshake within ${limit} ms`),
      ),
    );
    try {
      const socket = await dialReceiver(this.#options, this.#options, abort.signal);
      const answerTimeout = timeouts?.answer ?? 30_000;
      return await SenderLink.open(socket, { spn, principal, answerTimeout, kerberos, clock }, abort.signal);
    } finally {
      cancel();
    }
  }

  /** The library gives one answer to a name that is missing and to one that two accounts have; the directory knows. */
  async #enrich(error: unknown): Promise<unknown> {
    const { diagnose, spn } = this.#options;
    if (diagnose === undefined || !(error instanceof ChannelError) || error.isRemote) return error;
    if (error.code !== 'spn-missing' && error.code !== 'spn-duplicate') return error;
    try {
      const finding = await diagnose(spn);
      if (finding !== undefined)
        return new ChannelError(finding.code, finding.message, { fix: finding.fix, cause: error });
      if (error.code === 'spn-duplicate') return error;
      const message = `${spn} is registered as it should be, but Kerberos does not find it: it looks in another realm`;
      return new ChannelError('wrong-realm', message, { cause: error });
    } catch {
      // The directory does not answer either: the first failure stands.
      return error;
    }
  }
}
