import { AppError } from '#shared/model/app-error.ts';
import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import { SsoError } from '#sso/sso-error.ts';
import { findOutwardObstacle, findSessionObstacle } from '#sso/synchronization/direction-rules.ts';
import type { ExternalOutcome } from '#sso/synchronization/external-change.ts';

import type { AdapterLink } from '../protocol/adapter-link.ts';
import type { AdapterMessage, AdapterNotification, ServerMessageInput } from '../protocol/adapter-message.ts';
import type { SecretFrame } from '../protocol/secret-frames.ts';
import type { AdapterServerParts } from './adapter-server-parts.ts';

/** Pause before the desk is asked again after it failed, milliseconds. */
const failurePause = 5000;
/** Keep-alives without a sign of life until an adapter counts as hung. */
const patience = 3;

type Notice = Exclude<AdapterNotification, { kind: 'password-change' | 'none' }>;

export interface AdapterSessionOptions {
  readonly id: string;
  readonly adapter: SsoAdapter;
  readonly software: string;
  readonly link: AdapterLink;
  readonly parts: AdapterServerParts;
}

/** One adapter at the other end of a link, admitted. */
export class AdapterSession {
  readonly id: string;
  readonly software: string;
  readonly openedAt: number;
  readonly #link: AdapterLink;
  readonly #parts: AdapterServerParts;
  /** Calls of `receive` that wait, oldest first. */
  readonly #waiting: { readonly id: number; readonly wait: boolean }[] = [];
  readonly #notices: Notice[] = [];
  readonly #stopListening: () => void;
  #adapter: SsoAdapter;
  #heardAt: number;
  #cancelKeepAlive: () => void;
  #cancelDue: (() => void) | undefined;
  #pumping: Promise<void> | undefined;
  #pumpAgain = false;
  #ended = false;

  constructor({ id, adapter, software, link, parts }: AdapterSessionOptions) {
    this.id = id;
    this.software = software;
    this.#adapter = adapter;
    this.#link = link;
    this.#parts = parts;
    const now = parts.synchronization.ports.clock.now();
    this.openedAt = now;
    this.#heardAt = now;
    this.#stopListening = parts.synchronization.desk.onReady(adapter.name, () => this.#pump());
    this.#cancelKeepAlive = this.#scheduleKeepAlive();
  }

  get adapter(): SsoAdapter {
    return this.#adapter;
  }

  get heardAt(): number {
    return this.#heardAt;
  }

  /** Whether the link was given up because nothing came any more. */
  get isSilent(): boolean {
    const { keepAliveSeconds, synchronization } = this.#parts;
    return synchronization.ports.clock.now() - this.#heardAt >= keepAliveSeconds * 1000 * patience;
  }

  /** Follows a definition that was changed; ends the session where there is no work any more. */
  update(adapter: SsoAdapter | undefined): void {
    if (adapter !== undefined) this.#adapter = adapter;
    const { system } = this.#parts.synchronization.ports.settings();
    const obstacle = adapter === undefined ? undefined : findSessionObstacle(system, adapter);
    if (adapter === undefined || obstacle !== undefined || !system.enabled) this.tell({ kind: 'shutdown' });
    else this.#pump();
  }

  /** Gives the adapter a notice with its next `receive`. */
  tell(notice: Notice): void {
    this.#notices.push(notice);
    this.#pump();
  }

  /** Hears one message; the frame's secrets are wiped when it is dealt with. */
  async hear(message: Exclude<AdapterMessage, { type: 'hello' }>, frame: SecretFrame): Promise<void> {
    this.#heardAt = this.#parts.synchronization.ports.clock.now();
    switch (message.type) {
      case 'receive':
        this.#waiting.push({ id: message.id, wait: message.wait });
        this.#pump();
        return;
      case 'confirm':
        return this.#answer(message.id, () => this.#confirm(message));
      case 'report':
        return this.#answer(message.id, () => this.#report(message, frame));
      case 'status':
        return this.#answer(message.id, () => this.#noteStatus(message));
      case 'password-expired':
        return this.#answer(message.id, () =>
          this.#note(
            10746,
            `The password of ${message.externalAccount} has expired`,
            message.externalAccount,
          ),
        );
      case 'shutdown':
        this.#send({ type: 'result', id: message.id, ok: true });
        this.#link.close(new Error(`"${this.#adapter.name}" said goodbye`));
    }
  }

  /** Stops the timers of the session; what it held is the server's to take back. */
  end(): void {
    this.#ended = true;
    this.#stopListening();
    this.#cancelKeepAlive();
    this.#cancelDue?.();
  }

  async #confirm({ notification, errorCode, errorMessage, retry }: AdapterMessage & { type: 'confirm' }) {
    await this.#parts.synchronization.desk.confirm(this.#adapter, notification, {
      errorCode,
      errorMessage,
      isTemporary: retry,
    });
    return {};
  }

  async #report(message: AdapterMessage & { type: 'report' }, frame: SecretFrame) {
    const { newPassword, oldPassword } = frame;
    if (newPassword === undefined) throw new SsoError(10801, 'invalid_input', 'A report without a password');
    const { synchronization, reportWhileAway } = this.#parts;
    const trackingId = message.trackingId ?? synchronization.ports.newTrackingId();
    const change = {
      trackingId,
      externalUser: message.externalAccount,
      changedAt: message.timestamp,
      caller: `adapter ${this.#adapter.name}`,
    };
    const secrets = { password: newPassword, oldPassword };
    let outcome: ExternalOutcome;
    try {
      outcome = await synchronization.external.receive(this.#adapter, change, secrets);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'unavailable') throw error;
      const stored = await reportWhileAway?.(this.#adapter, change, secrets);
      if (stored === undefined) throw error;
      outcome = stored;
    }
    const { accepted, event, message: text } = outcome;
    return { ok: accepted, event, message: text, trackingId };
  }

  async #noteStatus({ state, message, code }: AdapterMessage & { type: 'status' }) {
    if (state === 'offline')
      await this.#note(
        10745,
        `The external system of "${this.#adapter.name}" is offline: ${message} (${code})`,
      );
    this.#parts.stateChanged(this.#adapter.name, state, message);
    return {};
  }

  async #note(event: number, message: string, externalUser?: string): Promise<object> {
    const { audit } = this.#parts.synchronization.ports;
    await audit.record({ event, message, adapter: this.#adapter.name, externalUser });
    return {};
  }

  /** Answers a message by its number, whatever becomes of it. */
  async #answer(id: number, work: () => Promise<object>): Promise<void> {
    try {
      this.#send({ type: 'result', id, ok: true, ...(await work()) });
    } catch (error) {
      const isKnown = error instanceof AppError;
      if (!isKnown) this.#parts.synchronization.ports.report(error);
      this.#send({
        type: 'result',
        id,
        ok: false,
        event: error instanceof SsoError ? error.event : 10785,
        message: isKnown ? error.message : 'The server failed inside',
        retry: !(error instanceof SsoError) || error.code === 'unavailable',
      });
    }
  }

  /** Serves the calls of `receive` that wait, one after another. */
  #pump(): void {
    if (this.#ended) return;
    if (this.#pumping !== undefined) {
      this.#pumpAgain = true;
      return;
    }
    this.#pumpAgain = false;
    this.#pumping = this.#serve()
      .catch((error: unknown) => {
        this.#parts.synchronization.ports.report(error);
        this.#pumpLater(failurePause);
      })
      .finally(() => {
        this.#pumping = undefined;
        if (this.#pumpAgain) this.#pump();
      });
  }

  async #serve(): Promise<void> {
    for (let call = this.#waiting[0]; call !== undefined && !this.#ended; call = this.#waiting[0]) {
      const notice = this.#notices.shift();
      if (notice !== undefined) {
        this.#waiting.shift();
        this.#send({ type: 'notification', id: call.id, ...notice });
        if (notice.kind === 'shutdown') this.#link.close(new Error('The session was ended by the server'));
        continue;
      }
      if (await this.#giveChange(call.id)) {
        this.#waiting.shift();
      } else if (call.wait) {
        return;
      } else {
        this.#waiting.shift();
        this.#send({ type: 'notification', id: call.id, kind: 'none' });
      }
    }
  }

  /** Whether the call was answered. */
  async #giveChange(id: number): Promise<boolean> {
    const { desk, ports } = this.#parts.synchronization;
    if (this.#adapter.kind !== 'adapter') return false;
    if (findOutwardObstacle(ports.settings().system, this.#adapter) !== undefined) return false;
    try {
      const handedOut = await desk.take(this.#adapter);
      if (handedOut === undefined) {
        const dueAt = await desk.nextDueAt(this.#adapter.name);
        if (dueAt !== undefined) this.#pumpLater(Math.max(0, dueAt - ports.clock.now()));
        return false;
      }
      using password = handedOut.password;
      using oldPassword = handedOut.oldPassword;
      const { id: notification, trackingId, application, externalUser, changedAt } = handedOut.notification;
      this.#link.send(
        {
          type: 'notification',
          id,
          kind: 'password-change',
          notification,
          trackingId,
          application,
          externalAccount: externalUser,
          timestamp: changedAt,
        },
        { newPassword: password, oldPassword },
      );
      return true;
    } catch (error) {
      if (!(error instanceof SsoError)) throw error;
      const { event, message } = error;
      this.#send({ type: 'result', id, ok: false, event, message, retry: true });
      return true;
    }
  }

  #pumpLater(delay: number): void {
    this.#cancelDue?.();
    this.#cancelDue = this.#parts.synchronization.ports.clock.schedule(delay, () => this.#pump());
  }

  #scheduleKeepAlive(): () => void {
    const { keepAliveSeconds, synchronization } = this.#parts;
    return synchronization.ports.clock.schedule(keepAliveSeconds * 1000, () => {
      if (this.#ended) return;
      this.#cancelKeepAlive = this.#scheduleKeepAlive();
      if (this.isSilent) this.#link.close(new Error(`Nothing came from "${this.#adapter.name}" any more`));
      else this.tell({ kind: 'status-request' });
    });
  }

  #send(message: ServerMessageInput): void {
    this.#link.send(message);
  }
}
