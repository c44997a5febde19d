import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { CredentialSeal } from '../ports.ts';
import type { DampedChange, DampingTable, Place, SyncClock } from './ports.ts';

/** How long a change is remembered, milliseconds. */
export const dampingTime = 10 * 60_000;
/** Changes remembered at most; the oldest go first. */
const capacity = 200_000;

/** A change that damping remembers, without what it knows of the password. */
export interface RememberedChange extends Pick<DampedChange, 'at' | 'origin'> {
  readonly account: string;
  /** Absent for a Windows account. */
  readonly adapter?: string;
}

export interface DampingParts {
  readonly table: DampingTable;
  readonly seal: Pick<CredentialSeal, 'digest'>;
  readonly clock: SyncClock;
  readonly report: (error: unknown) => void;
}

export function windowsPlace(account: string): Place {
  return `windows\n${account.toLowerCase()}`;
}

export function externalPlace(adapter: string, externalUser: string): Place {
  return `external\n${adapter.toLowerCase()}\n${externalUser}`;
}

/**
 * Recognises a change that was made already, in both directions: the echo of what this server set somewhere, and
 * the same change told twice. Only the newest change of a place counts: who goes back to the password before makes
 * a change, not an echo.
 */
export class Damping {
  readonly #parts: DampingParts;
  /** By place, in the order in which they were remembered. */
  readonly #known = new Map<Place, DampedChange>();
  /** Writes under way; each waits for the one before, so that the table ends as memory did. */
  #saving: Promise<unknown> = Promise.resolve();

  private constructor(parts: DampingParts) {
    this.#parts = parts;
  }

  static async open(parts: DampingParts): Promise<Damping> {
    const damping = new Damping(parts);
    const { table, clock, report } = parts;
    const kept = table.list(clock.now() - dampingTime);
    // One that is shared is asked at each change, and may be away at the start.
    if (table.isShared) await kept.catch(report);
    else for (const change of await kept) damping.#keep(change);
    return damping;
  }

  get size(): number {
    return this.#known.size;
  }

  digest(password: SecretBytes): string {
    return Array.from(this.#parts.seal.digest(password), (byte) => byte.toString(16).padStart(2, '0')).join(
      '',
    );
  }

  /** The change that this one repeats, whichever server made it. */
  async find(place: Place, password: SecretBytes): Promise<DampedChange | undefined> {
    const { clock, table } = this.#parts;
    const own = this.#known.get(place);
    const shared = table.isShared ? await table.find(place) : undefined;
    const known = (shared?.at ?? 0) > (own?.at ?? 0) ? shared : own;
    if (known === undefined || clock.now() - known.at >= dampingTime) return undefined;
    return known.digest === this.digest(password) ? known : undefined;
  }

  /** Counts from now on at once; the returned function takes it back where the change did not come about. */
  remember(place: Place, password: SecretBytes, origin: DampedChange['origin']): () => void {
    const { clock, table } = this.#parts;
    const before = this.#known.get(place);
    const change = { place, digest: this.digest(password), at: clock.now(), origin };
    this.#keep(change);
    this.#save(() => table.save(change));
    return () => {
      if (this.#known.get(place) !== change) return;
      this.#known.delete(place);
      if (before !== undefined) this.#keep(before);
      this.#save(() => (before === undefined ? table.remove(change) : table.save(before)));
    };
  }

  /** Resolves once the other servers know what this one remembers; at once where there are none. */
  async known(): Promise<void> {
    if (this.#parts.table.isShared) await this.#saving;
  }

  /** What is remembered, by whichever server, newest first. */
  async list(limit: number): Promise<readonly RememberedChange[]> {
    const { clock, table } = this.#parts;
    const since = clock.now() - dampingTime;
    const all = table.isShared ? await table.list(since) : [...this.#known.values()];
    return all
      .filter(({ at }) => at > since)
      .toSorted((left, right) => right.at - left.at)
      .slice(0, limit)
      .map(({ place, at, origin }) => ({ ...readPlace(place), at, origin }));
  }

  /** Resolves with how many changes were remembered. */
  async clear(): Promise<number> {
    const { length } = await this.list(Number.POSITIVE_INFINITY);
    this.#known.clear();
    await this.#parts.table.clear();
    return length;
  }

  #save(write: () => Promise<void>): void {
    const { table, report } = this.#parts;
    // An embedded table keeps the order by itself, and shares one commit among what comes together.
    this.#saving = (table.isShared ? this.#saving.then(write) : write()).catch(report);
  }

  #keep(change: DampedChange): void {
    this.#known.delete(change.place);
    this.#known.set(change.place, change);
    const oldest = this.#parts.clock.now() - dampingTime;
    for (const [place, { at }] of this.#known) {
      if (at > oldest && this.#known.size <= capacity) break;
      this.#known.delete(place);
    }
  }
}

function readPlace(place: Place): Pick<RememberedChange, 'account' | 'adapter'> {
  const [kind, first = '', second = ''] = place.split('\n');
  return kind === 'external' ? { adapter: first, account: second } : { account: first };
}
