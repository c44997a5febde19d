import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { CredentialSeal } from '../ports.ts';
import type { DampedChange, DampingTable, Place, SyncClock } from './ports.ts';

/** How long a change is remembered, milliseconds. */
export const dampingTime = 10 * 60_000;
/** Changes remembered at most; the oldest go first. */
const capacity = 200_000;

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

  private constructor(parts: DampingParts) {
    this.#parts = parts;
  }

  static async open(parts: DampingParts): Promise<Damping> {
    const damping = new Damping(parts);
    for (const change of await parts.table.list(parts.clock.now() - dampingTime)) damping.#keep(change);
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

  /** The change that this one repeats. */
  find(place: Place, password: SecretBytes): DampedChange | undefined {
    const known = this.#known.get(place);
    if (known === undefined) return undefined;
    if (this.#parts.clock.now() - known.at >= dampingTime) return undefined;
    return known.digest === this.digest(password) ? known : undefined;
  }

  /** Counts from now on at once; the returned function takes it back where the change did not come about. */
  remember(place: Place, password: SecretBytes, origin: DampedChange['origin']): () => void {
    const { clock, table, report } = this.#parts;
    const before = this.#known.get(place);
    const change = { place, digest: this.digest(password), at: clock.now(), origin };
    this.#keep(change);
    table.save(change).catch(report);
    return () => {
      if (this.#known.get(place) !== change) return;
      this.#known.delete(place);
      if (before !== undefined) this.#keep(before);
      (before === undefined ? table.remove(change) : table.save(before)).catch(report);
    };
  }

  async clear(): Promise<void> {
    this.#known.clear();
    await this.#parts.table.clear();
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
