import { AppError } from '#shared/model/app-error.ts';
import type { CapturedChange } from '#shared/model/change.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { Caller, ProveCaller } from './caller.ts';
import type { ChannelClock } from './channel-clock.ts';
import { ChannelError } from './channel-error.ts';
import type { ChannelEvent } from './channel-event.ts';
import type { SenderStatus } from './frame.ts';
import { fromKerberos, type KerberosPort } from './kerberos-port.ts';
import { RefusalLog } from './refusal-log.ts';
import { requireTicketFor } from './require-service.ts';

/** What a sender said of itself, and how its clock stands. */
export interface HeardStatus extends SenderStatus {
  /** The sender's clock minus the receiver's, milliseconds. */
  readonly clockDifferenceMs: number;
}

export interface IntakeOptions {
  /** Service principal name that is served, `class/host`. */
  readonly spn: string;
  readonly proveCaller: ProveCaller;
  /**
   * Resolves when the change is sealed and on disk; only then the sender is told. The password is wiped afterwards.
   * An `AppError` is the answer to the sender, who tries again unless it says `invalid_input` or `forbidden`.
   */
  readonly onChange: (change: CapturedChange, password: SecretBytes, caller: Caller) => Promise<void>;
  readonly onHeartbeat: (status: HeardStatus, caller: Caller) => void;
  /** Gives out the master secret, packed, to a caller who may have it; nobody gets one where absent. */
  readonly onSecretRequest?: ((caller: Caller) => Promise<SecretBytes>) | undefined;
  readonly events: (event: ChannelEvent) => void;
  /** Failures of `onChange` and `onHeartbeat` that are no `AppError`. */
  readonly report: (error: unknown) => void;
  readonly clock: ChannelClock;
  readonly kerberos: KerberosPort;
  /** Changes under way over all connections; one more is sent away. */
  readonly maxInFlight: number;
}

/** Why a change was not taken, as the sender reads it. */
export interface Refusal {
  readonly code: string;
  readonly event: number;
  readonly message: string;
  readonly retry: boolean;
}

/** A connection refused for any other reason than who called. */
const connectionRefused = 7039;
/** Refusals that say by their number who called: no domain controller, not the service account. */
const namedRefusals = new Set([6914, 11060]);
/** Unexpected failure while a notification was handled, as in Identity Manager. */
const unexpected = 6900;

/** What all connections of one receiver share: who is let in, and where changes go. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #refusals: RefusalLog;
  #inFlight = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#refusals = new RefusalLog(options);
  }

  get spn(): string {
    return this.#options.spn;
  }

  get clock(): ChannelClock {
    return this.#options.clock;
  }

  /** Proves who sent a token. Throws `ChannelError`. */
  async admit(token: Uint8Array): Promise<{ readonly caller: Caller; readonly reply: Uint8Array }> {
    const { kerberos, spn } = this.#options;
    requireTicketFor(spn, token);
    const { principal, reply } = await kerberos.acceptToken({ spn, token }).catch((error: unknown) => {
      throw fromKerberos(error);
    });
    if (reply.length === 0)
      throw new ChannelError('not-mutual', `${principal} did not ask this receiver to prove itself`);
    return { caller: await this.prove(principal), reply };
  }

  /** Throws `ChannelError` where the principal may not speak here. */
  async prove(principal: string): Promise<Caller> {
    return this.#options.proveCaller(principal);
  }

  /** Hands a change over; resolves to a refusal, or to undefined once it is on disk. */
  async take(change: CapturedChange, password: SecretBytes, caller: Caller): Promise<Refusal | undefined> {
    if (this.#inFlight >= this.#options.maxInFlight) {
      return { code: 'busy', event: unexpected, message: 'The receiver has its hands full', retry: true };
    }
    this.#inFlight += 1;
    try {
      await this.#options.onChange(change, password, caller);
      return undefined;
    } catch (error) {
      return this.#explain(error);
    } finally {
      this.#inFlight -= 1;
    }
  }

  hear(status: HeardStatus, caller: Caller): void {
    try {
      this.#options.onHeartbeat(status, caller);
    } catch (error) {
      this.#options.report(error);
    }
  }

  /** The master secret, which the caller of this wipes, or why it is not given. */
  async giveSecret(caller: Caller): Promise<SecretBytes | string> {
    const { onSecretRequest, report } = this.#options;
    try {
      if (onSecretRequest === undefined) return 'This service keeps no master secret';
      return await onSecretRequest(caller);
    } catch (error) {
      if (error instanceof AppError) return error.message;
      report(error);
      return 'The master secret server failed inside';
    }
  }

  noteRefusal(failure: ChannelError, address: string, caller: Caller | undefined): void {
    const { code, message, fix } = failure;
    const number = namedRefusals.has(failure.event) ? failure.event : connectionRefused;
    this.#refusals.note({ code, number, message, fix }, address, caller?.principal);
  }

  #explain(error: unknown): Refusal {
    if (!(error instanceof AppError)) {
      this.#options.report(error);
      return { code: 'refused', event: unexpected, message: 'The receiver failed inside', retry: true };
    }
    const retry = error.code !== 'invalid_input' && error.code !== 'forbidden';
    const { event = unexpected } = error as AppError & { readonly event?: number };
    const message = error.fix === undefined ? error.message : `${error.message}. ${error.fix}`;
    return { code: error.code === 'forbidden' ? 'not-allowed' : error.code, event, message, retry };
  }
}
