import { chmodSync, existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  backup,
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite';

import { AppError } from '#shared/model/app-error.ts';

import { backupsOf } from './backups.ts';
import { heldError, prepareDatabaseFile, removeHolder, writeHolder } from './database-file.ts';
import { applyMigrations, type Migration, pendingMigrations } from './migration.ts';
import { explainStoreError, isBusy, isDamage, isStorageFailure } from './store-error.ts';
import { type Ending, WriteQueue } from './write-queue.ts';

/** Long enough for a process that is being replaced to let go. */
const lockTimeout = 2000;

const settings = [
  // Exclusive keeps the WAL's index in this process' memory, so there is no -shm file, and shuts others out.
  'locking_mode = EXCLUSIVE',
  'journal_mode = WAL',
  'synchronous = FULL',
  'fullfsync = ON',
  'secure_delete = ON',
  'temp_store = MEMORY',
  'trusted_schema = OFF',
  'cell_size_check = ON',
  'cache_size = -16000',
  'journal_size_limit = 16777216',
  // Pages; a page that changes often is then brought into the file more seldom, and the log still fits its limit.
  'wal_autocheckpoint = 3500',
];

export type Row = Record<string, SQLOutputValue>;

/**
 * One SQLite file, open to this process alone.
 *
 * Reads are synchronous. Writes go through `commit`, where everything asked for in one turn of the event loop
 * shares one transaction and one fsync.
 */
export class Database {
  readonly path: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #writes = new WriteQueue((writes, isRepeatable) => this.#transact(writes, isRepeatable));
  #copying: Promise<unknown> | undefined;
  #writing = false;
  /** Whether a commit now waits for the disk. */
  #syncs = true;
  #closed = false;

  constructor(path: string, connection: DatabaseSync) {
    this.path = path;
    this.#connection = connection;
  }

  /** The first row, or undefined. `T` describes the selected columns. */
  get<T extends object = Row>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#guard(() => this.#prepare(sql).get(...values)) as T | undefined;
  }

  all<T extends object = Row>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#guard(() => this.#prepare(sql).all(...values)) as T[];
  }

  /** Rows one by one, for results that must not be held in memory; finish before the next turn. */
  iterate<T extends object = Row>(sql: string, ...values: SQLInputValue[]): Iterable<T> {
    return this.#guard(() => this.#prepare(sql).iterate(...values)) as unknown as Iterable<T>;
  }

  /** Writes, from within a `commit` only. Returns how many rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#write(sql, values).changes);
  }

  /** Inserts one row, from within a `commit` only, and returns its row number. */
  insert(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#write(sql, values).lastInsertRowid);
  }

  /**
   * Runs `work` in the next shared transaction and resolves once that is on disk. Works run in the order in which
   * they were asked for; one that throws is undone alone and rejects with its own error. A full disk or an I/O
   * error rejects the whole batch with `AppError` `unavailable`, writes nothing, and leaves the database usable.
   */
  commit<T>(work: () => T): Promise<T> {
    return this.#closed ? this.#refuse() : this.#writes.add(work);
  }

  /**
   * Like `commit`, for a record that nobody waits for. Under load it waits some milliseconds, so that more share its
   * fsync; a `commit` meanwhile takes it along. On an idle database it waits for nothing.
   */
  commitAtLeisure<T>(work: () => T): Promise<T> {
    return this.#closed ? this.#refuse() : this.#writes.addAtLeisure(work);
  }

  /**
   * Like `commit`, for what can be fetched again: it does not wait for the disk. A power failure may take it back,
   * the last first and never in part, until a later `commit` has brought it to the disk with itself.
   */
  commitRepeatable<T>(work: () => T): Promise<T> {
    return this.#closed ? this.#refuse() : this.#writes.addRepeatable(work);
  }

  /**
   * Copies the database to an empty file, in another thread. Commits wait meanwhile, reads do not: node:sqlite
   * gives up when a step of its copy meets an open transaction.
   */
  async copyTo(file: string): Promise<void> {
    await this.#copying;
    this.#writes.hold();
    this.#copying = backup(this.#connection, file, { rate: 256 }).finally(() => {
      this.#copying = undefined;
      this.#writes.release();
    });
    await this.#copying;
  }

  /** Moves the write-ahead log into the database and empties it, so that replaced rows are not left in it. */
  checkpoint(): void {
    this.#guard(() => this.#prepare('PRAGMA wal_checkpoint(TRUNCATE)').get());
  }

  /** Commits what is queued, empties the write-ahead log and lets go of the file. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#copying?.catch(() => undefined);
    this.#writes.drain();
    if (!this.#connection.isOpen) return;
    this.#connection.close();
    removeHolder(this.path);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #refuse(): Promise<never> {
    return Promise.reject(new AppError('unavailable', `The database ${this.path} is closed`));
  }

  #transact(writes: Iterable<() => unknown>, isRepeatable: boolean): Ending[] {
    try {
      if (this.#syncs === isRepeatable) {
        this.#connection.exec(`PRAGMA synchronous = ${isRepeatable ? 'NORMAL' : 'FULL'}`);
        this.#syncs = !isRepeatable;
      }
      this.#prepare('BEGIN IMMEDIATE').run();
      const endings: Ending[] = [];
      for (const write of writes) endings.push(this.#attempt(write));
      this.#prepare('COMMIT').run();
      return endings;
    } catch (error) {
      if (this.#connection.isTransaction) this.#prepare('ROLLBACK').run();
      throw explainStoreError(error, this.path);
    }
  }

  /** Runs one work; undoes it alone when it throws. Throws only what spoils the whole transaction. */
  #attempt(work: () => unknown): Ending {
    this.#prepare('SAVEPOINT work').run();
    this.#writing = true;
    try {
      const value = work();
      this.#requireTransaction();
      return { value };
    } catch (error) {
      this.#requireTransaction(error);
      this.#prepare('ROLLBACK TO work').run();
      return { error };
    } finally {
      this.#writing = false;
      if (this.#connection.isTransaction) this.#prepare('RELEASE work').run();
    }
  }

  /** SQLite ends the transaction by itself on some failures, even where the work caught the error. */
  #requireTransaction(error?: unknown): void {
    const cause = error instanceof AppError ? error.cause : error;
    if (isStorageFailure(cause)) throw cause;
    if (!this.#connection.isTransaction) throw error ?? new Error('The transaction ended inside a work');
  }

  #write(sql: string, values: readonly SQLInputValue[]) {
    if (!this.#writing) throw new Error('A write outside commit()');
    return this.#guard(() => this.#prepare(sql).run(...values));
  }

  #guard<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw explainStoreError(error, this.path);
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/**
 * Opens or makes a database and brings its shape up to date; keeps a copy from before a change of shape.
 * Throws `AppError`: `conflict` when another process has it open or a newer program wrote it, `damaged` when the
 * file does not hold together, `invalid_configuration` when its directory is open to others.
 */
export function openDatabase(path: string, migrations: readonly Migration[]): Database {
  prepareDatabaseFile(path);
  const connection = new DatabaseSync(path, {
    timeout: lockTimeout,
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
    defensive: true,
  });
  try {
    for (const setting of settings) connection.exec(`PRAGMA ${setting}`);
    const verdict = connection.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (verdict !== 'ok') throw damagedError(path, String(verdict));
    writeHolder(path);
    const pending = pendingMigrations(connection, path, migrations);
    if (pending.length > 0 && pending.length < migrations.length) keepCopy(connection, path, pending);
    applyMigrations(connection, pending);
    return new Database(path, connection);
  } catch (error) {
    connection.close();
    if (isBusy(error)) throw heldError(path, error);
    removeHolder(path);
    if (isDamage(error)) throw damagedError(path, error instanceof Error ? error.message : '', error);
    throw explainStoreError(error, path);
  }
}

function keepCopy(connection: DatabaseSync, path: string, pending: readonly Migration[]): void {
  const copy = join(dirname(path), `${basename(path)}.before-${pending[0]?.name}`);
  if (existsSync(copy)) return;
  connection.prepare('VACUUM INTO ?').run(copy);
  chmodSync(copy, 0o600);
}

function damagedError(path: string, finding: string, cause?: unknown): AppError {
  const newest = backupsOf(path).at(-1);
  const backupWords =
    newest === undefined
      ? 'there is no backup, so it starts empty'
      : `the newest backup, ${newest.file} of ${new Date(newest.at).toISOString()}, takes its place`;
  return new AppError('damaged', `The database ${path} is damaged: ${finding}`, {
    fix: `Run "carillon store restore": ${backupWords}, and the damaged file is kept beside it.`,
    cause,
  });
}
