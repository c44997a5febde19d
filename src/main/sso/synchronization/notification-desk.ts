import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { SsoError } from '../sso-error.ts';
import { newestChangeOf } from './adapter-mappings.ts';
import { storeConfirmed } from './confirmed-passwords.ts';
import { type Damping, externalPlace } from './damping.ts';
import type { NewNotification, Notification, SyncPorts } from './ports.ts';
import { SerialKeys } from './serial-keys.ts';
import { ChangeAudit } from './sync-audit.ts';

const minute = 60_000;
const hour = 3_600_000;

/** One password change as an adapter is given it; both secrets are the taker's to wipe. */
export interface HandedOut {
  readonly notification: Notification;
  readonly password: SecretBytes;
  /** Where the adapter wants it and one is stored. */
  readonly oldPassword: SecretBytes | undefined;
}

/** What an adapter says of a change that it was given. */
export interface Confirmation {
  /** 0 is success. */
  readonly errorCode: number;
  readonly errorMessage: string;
  /** Whether the same change may work out later. */
  readonly isTemporary: boolean;
}

interface Pending {
  readonly externalUser: string;
  readonly attempts: number;
  readonly takeBack: () => void;
  readonly cancel: () => void;
}

/**
 * The desk at which adapters fetch password changes. What is handed out stays queued until the adapter confirms it;
 * one account has one change out at a time, so that an adapter may work on all it holds side by side.
 */
export class NotificationDesk {
  readonly #ports: SyncPorts;
  readonly #damping: Damping;
  /** By adapter in lower case, then by number. */
  readonly #pending = new Map<string, Map<number, Pending>>();
  readonly #serial = new SerialKeys();
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(ports: SyncPorts, damping: Damping) {
    this.#ports = ports;
    this.#damping = damping;
  }

  /** Told when something may be there for the adapter. The returned function ends it. */
  onReady(adapter: string, listener: () => void): () => void {
    const key = adapter.toLowerCase();
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Something may be there for an adapter that another server queued; without a name for any of them. */
  announce(adapter?: string): void {
    for (const name of adapter === undefined ? this.#listeners.keys() : [adapter]) this.#announce(name);
  }

  pendingCount(adapter: string): number {
    return this.#pending.get(adapter.toLowerCase())?.size ?? 0;
  }

  async queue(
    notification: Omit<NewNotification, 'queuedAt' | 'sealed'>,
    password: SecretBytes,
    audit: ChangeAudit,
  ): Promise<void> {
    const { queue, notificationSeal, clock } = this.#ports;
    const { adapter, application, externalUser } = notification;
    const at = { adapter, application, externalUser };
    const sealed = notificationSeal.seal(password, notification);
    const held = new Set(this.#pendingOf(adapter).keys());
    const replaced = await queue.add({ ...notification, queuedAt: clock.now(), sealed }, held);
    if (replaced === undefined) {
      await audit.failed(10816, `A newer password of ${externalUser} waits for "${adapter}" already`, at);
      return;
    }
    for (const older of replaced)
      await audit.done(10816, `A newer password of ${externalUser} takes the place of this one`, {
        ...at,
        trackingId: older.trackingId,
      });
    await audit.done(10734, `The password of ${externalUser} waits for the adapter "${adapter}"`, at);
    this.#announce(adapter);
  }

  /**
   * The next change for an adapter; undefined where none is due. Throws `SsoError` 10807 while it holds as many
   * unconfirmed ones as it may.
   */
  take(adapter: SsoAdapter): Promise<HandedOut | undefined> {
    return this.#serial.run(adapter.name.toLowerCase(), () => this.#take(adapter));
  }

  async #take(adapter: SsoAdapter): Promise<HandedOut | undefined> {
    const pending = this.#pendingOf(adapter.name);
    if (pending.size >= adapter.maxPending)
      throw new SsoError(
        10807,
        'conflict',
        `"${adapter.name}" holds ${pending.size} unconfirmed notifications`,
        {
          fix: 'Confirm a notification before the next one is fetched.',
        },
      );
    const { queue, clock } = this.#ports;
    for (;;) {
      const busy = new Set([...pending.values()].map(({ externalUser }) => externalUser));
      const [notification] = await queue.due(adapter.name, clock.now(), 1, busy);
      if (notification === undefined) return undefined;
      const handedOut = await this.#handOut(notification, adapter);
      if (handedOut !== undefined) return handedOut;
    }
  }

  /** When something may be due for the adapter that is not now. */
  nextDueAt(adapter: string): Promise<number | undefined> {
    return this.#ports.queue.nextDueAt(adapter, this.#ports.clock.now());
  }

  /** Ends a change that the adapter was given. Throws `SsoError` 10817 for one that it does not hold. */
  async confirm(adapter: SsoAdapter, id: number, confirmation: Confirmation): Promise<void> {
    const pending = this.#pendingOf(adapter.name);
    const held = pending.get(id);
    // At once: a confirmation that comes twice counts once.
    pending.delete(id);
    held?.cancel();
    const notification = held === undefined ? undefined : await this.#ports.queue.find(id);
    if (held === undefined || notification === undefined)
      throw new SsoError(10817, 'not_found', `"${adapter.name}" holds no notification ${id}`);
    try {
      if (confirmation.errorCode === 0) await this.#succeed(notification, adapter);
      else await this.#fail(notification, adapter, confirmation, held.takeBack);
    } finally {
      this.#announce(adapter.name);
    }
  }

  /** Takes back what a lost session held: it is handed out anew at once. */
  async release(adapter: string): Promise<void> {
    const { queue, clock } = this.#ports;
    const pending = this.#pendingOf(adapter);
    const held = [...pending];
    pending.clear();
    for (const [id, { attempts, cancel }] of held) {
      cancel();
      await queue.attempted(id, attempts, clock.now());
    }
    this.#announce(adapter);
  }

  /** Forgets what waits for one adapter, or for all. Resolves with how many changes that were. */
  async clear(adapter: string | undefined): Promise<number> {
    const names = adapter === undefined ? [...this.#pending.keys()] : [adapter];
    for (const name of names) await this.release(name);
    return await this.#ports.queue.clear(adapter);
  }

  /** Older passwords of an account must not follow a newer one that came from it. */
  async dropOlder(
    adapter: string,
    externalUser: string,
    changedAt: number,
    audit: ChangeAudit,
  ): Promise<void> {
    const pending = this.#pendingOf(adapter);
    for (const one of await this.#ports.queue.waitingFor(adapter, externalUser)) {
      if (one.changedAt > changedAt || pending.has(one.id)) continue;
      await this.#ports.queue.remove(one.id);
      const at = { adapter, externalUser, trackingId: one.trackingId };
      await audit.done(10816, `A newer password of ${externalUser} came from "${adapter}"`, at);
    }
  }

  async #handOut(notification: Notification, adapter: SsoAdapter): Promise<HandedOut | undefined> {
    const { queue, clock, settings, notificationSeal } = this.#ports;
    const { id, externalUser, attempts } = notification;
    const audit = this.#auditOf(notification);
    const age = (settings().server?.passwordSyncAge ?? 24) * hour;
    if (clock.now() - notification.changedAt > age) {
      await queue.remove(id);
      await audit.failed(10712, `The password of ${externalUser} waited longer than the password sync age`);
      return undefined;
    }
    if (((await newestChangeOf(adapter, externalUser, this.#ports)) ?? 0) > notification.changedAt) {
      await queue.remove(id);
      await audit.failed(10816, `The database has a newer password of ${externalUser}`);
      return undefined;
    }
    if (attempts > adapter.retryCount) {
      await queue.remove(id);
      await audit.failed(
        10714,
        `"${adapter.name}" did not set the password of ${externalUser} in ${attempts} tries`,
      );
      return undefined;
    }
    const pending = this.#pendingOf(adapter.name);
    const delay = adapter.retryDelay * minute;
    const password = notificationSeal.open(notification.sealed, notification);
    // Before it leaves: the system's own report of the change may come back sooner than the confirmation.
    const takeBack = this.#damping.remember(externalPlace(adapter.name, externalUser), password, 'performed');
    const cancel = clock.schedule(delay, () => {
      pending.delete(id);
      this.#announce(adapter.name);
    });
    pending.set(id, { externalUser, attempts: attempts + 1, takeBack, cancel });
    try {
      await queue.attempted(id, attempts + 1, clock.now() + delay);
      await this.#damping.known();
      return { notification, password, oldPassword: await this.#oldPassword(notification, adapter, audit) };
    } catch (error) {
      password.wipe();
      cancel();
      takeBack();
      pending.delete(id);
      throw error;
    }
  }

  async #oldPassword(
    { externalUser, windowsAccount, application: name }: Notification,
    adapter: SsoAdapter,
    audit: ChangeAudit,
  ): Promise<SecretBytes | undefined> {
    if (!adapter.sendOldPassword) return undefined;
    const { database, credentials } = this.#ports;
    try {
      const application = await database.applications.find(name);
      const [mapping] = await database.listMappings({ applications: [name], windowsAccount, externalUser });
      if (application === undefined || mapping === undefined) return undefined;
      return (await credentials.readPassword(application, mapping, 'external'))?.password;
    } catch (error) {
      if (!(error instanceof SsoError)) throw error;
      await audit.failed(10680, `The stored password of ${externalUser} cannot be read: ${error.message}`);
      return undefined;
    }
  }

  async #succeed(notification: Notification, adapter: SsoAdapter): Promise<void> {
    const audit = this.#auditOf(notification);
    const repair = await storeConfirmed(notification, adapter, audit, this.#ports);
    await this.#ports.queue.remove(notification.id);
    if (repair === undefined) return;
    using password = repair.password;
    await this.queue(repair.notification, password, audit);
  }

  async #fail(
    notification: Notification,
    adapter: SsoAdapter,
    { errorCode, errorMessage, isTemporary }: Confirmation,
    takeBack: () => void,
  ): Promise<void> {
    takeBack();
    const audit = this.#auditOf(notification);
    const said = `"${adapter.name}" did not set the password of ${notification.externalUser}: ${errorMessage} (${errorCode})`;
    await audit.failed(11043, said);
    if (isTemporary) return;
    await this.#ports.queue.remove(notification.id);
  }

  #pendingOf(adapter: string): Map<number, Pending> {
    const key = adapter.toLowerCase();
    const known = this.#pending.get(key);
    if (known !== undefined) return known;
    const made = new Map<number, Pending>();
    this.#pending.set(key, made);
    return made;
  }

  #auditOf({ trackingId, adapter, application, windowsAccount, externalUser }: Notification): ChangeAudit {
    return new ChangeAudit(this.#ports, { trackingId, adapter, application, windowsAccount, externalUser });
  }

  #announce(adapter: string): void {
    for (const listener of this.#listeners.get(adapter.toLowerCase()) ?? []) listener();
  }
}
