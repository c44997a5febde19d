import type { PasswordFilterRules } from '#shared/model/sso-password-filter.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { Credentials } from '../credentials.ts';
import type { SsoClock, SsoPorts } from '../ports.ts';

/** Where a password lives: what damping and order are kept for. */
export type Place = string & { readonly brand?: 'Place' };

/** A password change that was taken or carried out, kept to recognise its echo. */
export interface DampedChange {
  readonly place: Place;
  /** Keyed digest of the password. */
  readonly digest: string;
  readonly at: number;
  /** Whether it came from there, or was carried out there by this server. */
  readonly origin: 'received' | 'performed';
}

/** Damping on disk, so that a restart knows the echoes that are still under way. */
export interface DampingTable {
  /** Whether other servers write it too, so that memory does not know all of it. */
  readonly isShared: boolean;
  list(since: number): Promise<readonly DampedChange[]>;
  find(place: Place): Promise<DampedChange | undefined>;
  save(change: DampedChange): Promise<void>;
  remove(change: DampedChange): Promise<void>;
  clear(): Promise<void>;
}

/** One password on its way to an adapter. */
export interface Notification {
  readonly id: number;
  readonly trackingId: string;
  /** Name of the adapter as its definition writes it. */
  readonly adapter: string;
  readonly application: string;
  readonly windowsAccount: string;
  readonly externalUser: string;
  /** When the password was changed at its origin, milliseconds since 1970 UTC. */
  readonly changedAt: number;
  readonly queuedAt: number;
  /** How often it was handed out. */
  readonly attempts: number;
  readonly nextAttemptAt: number;
  readonly sealed: Uint8Array;
}
export type NewNotification = Omit<Notification, 'id' | 'attempts' | 'nextAttemptAt'>;

/** What waits for adapters, on disk. Promises resolve when the write is; reads see every write before them. */
export interface NotificationQueue {
  /**
   * Takes the place of older ones of the same account that are not in `held`; resolves to what those were.
   * Undefined: a newer one waits already.
   */
  add(notification: NewNotification, held: ReadonlySet<number>): Promise<readonly Notification[] | undefined>;
  /** The next ones that are due, oldest change first, none of the accounts in `busy`. */
  due(
    adapter: string,
    now: number,
    limit: number,
    busy: ReadonlySet<string>,
  ): Promise<readonly Notification[]>;
  /** When the next one that is not due yet will be. */
  nextDueAt(adapter: string, now: number): Promise<number | undefined>;
  find(id: number): Promise<Notification | undefined>;
  waitingFor(adapter: string, externalUser: string): Promise<readonly Notification[]>;
  attempted(id: number, attempts: number, nextAttemptAt: number): Promise<void>;
  remove(id: number): Promise<boolean>;
  /** Empties the queue of one adapter, or all; resolves with how many there were. */
  clear(adapter: string | undefined): Promise<number>;
  count(adapter: string): Promise<number>;
  /** What waits for an adapter, next attempt first. */
  list(adapter: string, limit: number): Promise<readonly Notification[]>;
}

/** Seals what waits; the context is covered, so that a row moved to another account does not open. */
export interface NotificationSeal {
  seal(secret: SecretBytes, context: NotificationPlace): Uint8Array<ArrayBuffer>;
  /** Throws `AppError` `damaged`. */
  open(sealed: Uint8Array, context: NotificationPlace): SecretBytes;
}
export type NotificationPlace = Pick<Notification, 'trackingId' | 'adapter' | 'externalUser' | 'changedAt'>;

/** Changes passwords in Active Directory for whoever knows the old one. Throws `PasswordFailure`. */
export interface WindowsPasswords {
  change(account: string, old: SecretBytes, next: SecretBytes): Promise<void>;
}

/** Runs once after a while; the returned function cancels. */
export interface SyncClock extends SsoClock {
  schedule(delay: number, run: () => void): () => void;
}

/** What password synchronization stands on. */
export interface SyncPorts extends SsoPorts {
  readonly clock: SyncClock;
  readonly credentials: Credentials;
  readonly queue: NotificationQueue;
  readonly notificationSeal: NotificationSeal;
  readonly damping: DampingTable;
  readonly windows: WindowsPasswords;
  /** Makes a password fit for an external system; throws where it cannot. */
  readonly filter: (rules: PasswordFilterRules, password: SecretBytes) => SecretBytes;
  /** A tracking id of its own for what nobody sent. */
  readonly newTrackingId: () => string;
  /** Failures that are no part of the rules. */
  readonly report: (error: unknown) => void;
}
