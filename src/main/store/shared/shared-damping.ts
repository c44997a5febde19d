import type { DampedChange, DampingTable } from '#sso/synchronization/ports.ts';

import type { SharedDatabase } from './shared-database.ts';

const columns = 'place, digest, at, origin';

/** What damping remembers of all servers: a change that one of them made may come back to another. */
export class SharedDamping implements DampingTable {
  readonly isShared = true;
  readonly #database: SharedDatabase;

  constructor(database: SharedDatabase) {
    this.#database = database;
  }

  async list(since: number): Promise<readonly DampedChange[]> {
    await this.#database.run('DELETE FROM carillon.damping WHERE at < $1', since);
    return await this.#database.all<DampedChange>(`SELECT ${columns} FROM carillon.damping ORDER BY at`);
  }

  async find(place: string): Promise<DampedChange | undefined> {
    const [row] = await this.#database.all<DampedChange>(
      `SELECT ${columns} FROM carillon.damping WHERE place = $1`,
      place,
    );
    return row;
  }

  async save({ place, digest, at, origin }: DampedChange): Promise<void> {
    await this.#database.run(
      `INSERT INTO carillon.damping (place, digest, at, origin) VALUES ($1, $2, $3, $4)
        ON CONFLICT (place) DO UPDATE SET digest = excluded.digest, at = excluded.at, origin = excluded.origin`,
      place,
      digest,
      at,
      origin,
    );
  }

  async remove({ place, digest, at }: DampedChange): Promise<void> {
    await this.#database.run(
      'DELETE FROM carillon.damping WHERE place = $1 AND digest = $2 AND at = $3',
      place,
      digest,
      at,
    );
  }

  async clear(): Promise<void> {
    await this.#database.run('DELETE FROM carillon.damping');
  }
}
