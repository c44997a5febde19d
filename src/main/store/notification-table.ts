import { notificationContext } from '#sso/synchronization/notification-context.ts';
import type { NewNotification, Notification, NotificationQueue } from '#sso/synchronization/ports.ts';
import type { ResealedRow, SealedRow, SealedRows } from '#vault/sealed-rows.ts';

import type { Database } from './database.ts';

interface Row {
  readonly id: number;
  readonly tracking_id: string;
  readonly adapter: string;
  readonly application: string;
  readonly windows_account: string;
  readonly external_user: string;
  readonly changed_at: number;
  readonly queued_at: number;
  readonly attempts: number;
  readonly next_attempt_at: number;
  readonly sealed: Uint8Array;
}

/** What waits for adapters, in SQLite; key rotation walks through it too. */
export class NotificationTable implements NotificationQueue, SealedRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(
    notification: NewNotification,
    held: ReadonlySet<number>,
  ): Promise<readonly Notification[] | undefined> {
    return this.#database.commit(() => {
      const { adapter, externalUser, changedAt } = notification;
      const waiting = this.#waitingFor(adapter, externalUser).filter(({ id }) => !held.has(id));
      if (waiting.some((other) => other.changedAt > changedAt)) return undefined;
      for (const { id } of waiting) this.#database.run('DELETE FROM notification WHERE id = ?', id);
      this.#database.insert(
        `INSERT INTO notification (tracking_id, adapter, application, windows_account, external_user, changed_at,
           queued_at, next_attempt_at, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        notification.trackingId,
        adapter,
        notification.application,
        notification.windowsAccount,
        externalUser,
        changedAt,
        notification.queuedAt,
        notification.queuedAt,
        notification.sealed,
      );
      return waiting;
    });
  }

  async due(
    adapter: string,
    now: number,
    limit: number,
    busy: ReadonlySet<string>,
  ): Promise<readonly Notification[]> {
    // From the index alone: what the busy ones skip costs no row.
    const line = this.#database.all<{ id: number; external_user: string }>(
      `SELECT id, external_user FROM notification INDEXED BY notification_due
        WHERE adapter = ? AND next_attempt_at <= ? ORDER BY next_attempt_at, changed_at LIMIT ?`,
      adapter,
      now,
      limit + 2 * busy.size,
    );
    return line
      .filter((row) => !busy.has(row.external_user))
      .slice(0, limit)
      .flatMap(({ id }) => this.#find(id) ?? []);
  }

  async nextDueAt(adapter: string, now: number): Promise<number | undefined> {
    return this.#database.get<{ next_attempt_at: number }>(
      `SELECT next_attempt_at FROM notification INDEXED BY notification_due
        WHERE adapter = ? AND next_attempt_at > ? ORDER BY next_attempt_at LIMIT 1`,
      adapter,
      now,
    )?.next_attempt_at;
  }

  async find(id: number): Promise<Notification | undefined> {
    return this.#find(id);
  }

  async waitingFor(adapter: string, externalUser: string): Promise<readonly Notification[]> {
    return this.#waitingFor(adapter, externalUser);
  }

  async attempted(id: number, attempts: number, nextAttemptAt: number): Promise<void> {
    await this.#database.commit(() =>
      this.#database.run(
        'UPDATE notification SET attempts = ?, next_attempt_at = ? WHERE id = ?',
        attempts,
        nextAttemptAt,
        id,
      ),
    );
  }

  remove(id: number): Promise<boolean> {
    return this.#database.commit(() => this.#database.run('DELETE FROM notification WHERE id = ?', id) > 0);
  }

  clear(adapter: string | undefined): Promise<number> {
    return this.#database.commit(() =>
      adapter === undefined
        ? this.#database.run('DELETE FROM notification')
        : this.#database.run('DELETE FROM notification WHERE adapter = ?', adapter),
    );
  }

  count(adapter?: string): Promise<number> {
    const [where, values] = adapter === undefined ? ['', []] : [' WHERE adapter = ?', [adapter]];
    const sql = `SELECT count(*) AS count FROM notification${where}`;
    return Promise.resolve(this.#database.get<{ count: number }>(sql, ...values)?.count ?? 0);
  }

  async list(adapter: string, limit: number): Promise<readonly Notification[]> {
    return this.#database
      .all<Row>(
        'SELECT * FROM notification WHERE adapter = ? ORDER BY next_attempt_at, changed_at LIMIT ?',
        adapter,
        limit,
      )
      .map(toNotification);
  }

  page(after: number, limit: number): readonly SealedRow[] {
    return this.#database
      .all<Row>('SELECT * FROM notification WHERE id > ? ORDER BY id LIMIT ?', after, limit)
      .map(toNotification)
      .map((row) => ({ id: row.id, sealed: row.sealed, context: notificationContext(row) }));
  }

  async replace(rows: readonly ResealedRow[]): Promise<void> {
    await this.#database.commit(() => {
      for (const { id, before, after } of rows)
        this.#database.run(
          'UPDATE notification SET sealed = ? WHERE id = ? AND sealed = ?',
          after,
          id,
          before,
        );
    });
  }

  #find(id: number): Notification | undefined {
    const row = this.#database.get<Row>('SELECT * FROM notification WHERE id = ?', id);
    return row === undefined ? undefined : toNotification(row);
  }

  #waitingFor(adapter: string, externalUser: string): Notification[] {
    return this.#database
      .all<Row>(
        'SELECT * FROM notification WHERE adapter = ? AND external_user = ? ORDER BY changed_at, id',
        adapter,
        externalUser,
      )
      .map(toNotification);
  }
}

function toNotification(row: Row): Notification {
  return {
    id: row.id,
    trackingId: row.tracking_id,
    adapter: row.adapter,
    application: row.application,
    windowsAccount: row.windows_account,
    externalUser: row.external_user,
    changedAt: row.changed_at,
    queuedAt: row.queued_at,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    sealed: row.sealed,
  };
}
