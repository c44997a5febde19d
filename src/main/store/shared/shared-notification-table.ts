import { notificationContext } from '#sso/synchronization/notification-context.ts';
import type { NewNotification, Notification, NotificationQueue } from '#sso/synchronization/ports.ts';
import type { ResealedRow, SealedRow, SealedRows } from '#vault/sealed-rows.ts';

import { replaceSealed } from './replace-sealed.ts';
import type { SharedDatabase } from './shared-database.ts';
import { foldAscii } from './shared-definition-table.ts';
import { sharedChannel } from './shared-system-table.ts';

const columns = `id, tracking_id AS "trackingId", adapter, application, windows_account AS "windowsAccount",
  external_user AS "externalUser", changed_at AS "changedAt", queued_at AS "queuedAt", attempts,
  next_attempt_at AS "nextAttemptAt", sealed`;
const waitingFor = `SELECT ${columns} FROM carillon.notification
  WHERE lower(adapter) = $1 AND external_user = $2 ORDER BY changed_at, id`;

/** What waits for adapters, for whichever server theirs connect to. */
export class SharedNotificationTable implements NotificationQueue, SealedRows {
  readonly #database: SharedDatabase;

  constructor(database: SharedDatabase) {
    this.#database = database;
  }

  add(
    notification: NewNotification,
    held: ReadonlySet<number>,
  ): Promise<readonly Notification[] | undefined> {
    const { adapter, externalUser, changedAt, queuedAt } = notification;
    const key = foldAscii(adapter);
    return this.#database.transact(async (statements) => {
      // Two servers that queue for one account go one after the other.
      await statements.all(
        'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))',
        `${key}\n${externalUser}`,
      );
      const all = await statements.all<Notification>(waitingFor, key, externalUser);
      const waiting = all.filter(({ id }) => !held.has(id));
      if (waiting.some((other) => other.changedAt > changedAt)) return undefined;
      for (const { id } of waiting)
        await statements.run('DELETE FROM carillon.notification WHERE id = $1', id);
      await statements.run(
        `INSERT INTO carillon.notification (tracking_id, adapter, application, windows_account, external_user,
            changed_at, queued_at, next_attempt_at, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)`,
        notification.trackingId,
        adapter,
        notification.application,
        notification.windowsAccount,
        externalUser,
        changedAt,
        queuedAt,
        notification.sealed,
      );
      await statements.all('SELECT pg_notify($1, $2)', sharedChannel, `queue ${adapter}`);
      return waiting;
    });
  }

  async due(
    adapter: string,
    now: number,
    limit: number,
    busy: ReadonlySet<string>,
  ): Promise<readonly Notification[]> {
    return await this.#database.all<Notification>(
      `SELECT ${columns} FROM carillon.notification
        WHERE lower(adapter) = $1 AND next_attempt_at <= $2 AND external_user <> ALL ($4)
        ORDER BY next_attempt_at, changed_at LIMIT $3`,
      foldAscii(adapter),
      now,
      limit,
      [...busy],
    );
  }

  async nextDueAt(adapter: string, now: number): Promise<number | undefined> {
    const [row] = await this.#database.all<{ at: number | null }>(
      'SELECT min(next_attempt_at) AS at FROM carillon.notification WHERE lower(adapter) = $1 AND next_attempt_at > $2',
      foldAscii(adapter),
      now,
    );
    return row?.at ?? undefined;
  }

  async find(id: number): Promise<Notification | undefined> {
    const [row] = await this.#database.all<Notification>(
      `SELECT ${columns} FROM carillon.notification WHERE id = $1`,
      id,
    );
    return row;
  }

  async waitingFor(adapter: string, externalUser: string): Promise<readonly Notification[]> {
    return await this.#database.all<Notification>(waitingFor, foldAscii(adapter), externalUser);
  }

  async attempted(id: number, attempts: number, nextAttemptAt: number): Promise<void> {
    await this.#database.run(
      'UPDATE carillon.notification SET attempts = $2, next_attempt_at = $3 WHERE id = $1',
      id,
      attempts,
      nextAttemptAt,
    );
  }

  async remove(id: number): Promise<boolean> {
    return (await this.#database.run('DELETE FROM carillon.notification WHERE id = $1', id)) > 0;
  }

  clear(adapter: string | undefined): Promise<number> {
    return adapter === undefined
      ? this.#database.run('DELETE FROM carillon.notification')
      : this.#database.run('DELETE FROM carillon.notification WHERE lower(adapter) = $1', foldAscii(adapter));
  }

  async count(adapter?: string): Promise<number> {
    const [where, values] =
      adapter === undefined ? ['', []] : [' WHERE lower(adapter) = $1', [foldAscii(adapter)]];
    const [row] = await this.#database.all<{ count: number }>(
      `SELECT count(*) AS count FROM carillon.notification${where}`,
      ...values,
    );
    return row?.count ?? 0;
  }

  async list(adapter: string, limit: number): Promise<readonly Notification[]> {
    return await this.#database.all<Notification>(
      `SELECT ${columns} FROM carillon.notification WHERE lower(adapter) = $1
        ORDER BY next_attempt_at, changed_at LIMIT $2`,
      foldAscii(adapter),
      limit,
    );
  }

  async page(after: number, limit: number): Promise<readonly SealedRow[]> {
    const rows = await this.#database.all<Notification>(
      `SELECT ${columns} FROM carillon.notification WHERE id > $1 ORDER BY id LIMIT $2`,
      after,
      limit,
    );
    return rows.map((row) => ({ id: row.id, sealed: row.sealed, context: notificationContext(row) }));
  }

  replace(rows: readonly ResealedRow[]): Promise<void> {
    return replaceSealed(this.#database, 'notification', rows);
  }
}
