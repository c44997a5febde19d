import type { DampedChange, DampingTable } from '#sso/synchronization/ports.ts';

import type { Database } from './database.ts';

/** What damping remembers, in SQLite. */
export class StoredDamping implements DampingTable {
  readonly isShared = false;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(since: number): Promise<readonly DampedChange[]> {
    await this.#database.commit(() => this.#database.run('DELETE FROM damping WHERE at < ?', since));
    return this.#database.all<DampedChange>('SELECT place, digest, at, origin FROM damping ORDER BY at');
  }

  async find(place: string): Promise<DampedChange | undefined> {
    return this.#database.get<DampedChange>(
      'SELECT place, digest, at, origin FROM damping WHERE place = ?',
      place,
    );
  }

  async save({ place, digest, at, origin }: DampedChange): Promise<void> {
    await this.#database.commit(() =>
      this.#database.run(
        'INSERT OR REPLACE INTO damping (place, digest, at, origin) VALUES (?, ?, ?, ?)',
        place,
        digest,
        at,
        origin,
      ),
    );
  }

  async remove({ place, digest, at }: DampedChange): Promise<void> {
    await this.#database.commit(() =>
      this.#database.run('DELETE FROM damping WHERE place = ? AND digest = ? AND at = ?', place, digest, at),
    );
  }

  async clear(): Promise<void> {
    await this.#database.commit(() => this.#database.run('DELETE FROM damping'));
  }
}
