import type { Clock } from '#engine/clock.ts';
import type { Seal } from '#engine/seal.ts';

import type { KeyRing } from './key-ring.ts';
import { type ResealProgress, type ResealResult, reseal } from './reseal.ts';
import type { SealedRows } from './sealed-rows.ts';

const hour = 3_600_000;
const defaultMaxAge = 30 * 24 * hour;
/** Longer than a secret sealed with the old key can take to its row, or an opened row to its end. */
const grace = hour;

export interface KeyMaintenanceDependencies {
  readonly ring: KeyRing;
  readonly seal: Seal;
  /** Every table that holds secrets sealed by this ring. */
  readonly tables: readonly SealedRows[];
  readonly clock: Clock;
  /** Told when the hourly round fails; it is tried again in an hour. */
  readonly report: (error: unknown) => void;
  /** Age at which the active key is replaced, milliseconds; 30 days where absent. */
  readonly maxAge?: number;
}

/**
 * Rotates the active key in time, seals waiting secrets anew, and destroys retired keys that nothing needs: from then
 * on no copy of what they sealed opens, wherever it lies.
 */
export class KeyMaintenance {
  readonly #dependencies: KeyMaintenanceDependencies;
  #cancel: (() => void) | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(dependencies: KeyMaintenanceDependencies) {
    this.#dependencies = dependencies;
  }

  /** Runs a round now and then every hour. */
  start(): void {
    if (this.#cancel !== undefined) return;
    const { clock, report } = this.#dependencies;
    const next = (delay: number) => {
      this.#cancel = clock.schedule(delay, () => {
        next(hour);
        this.tend().catch(report);
      });
    };
    next(0);
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#running.catch(() => undefined);
  }

  /** One round: rotates when due, seals anew what an older key sealed, destroys what nothing needs. */
  tend(): Promise<void> {
    return this.#inTurn(async () => {
      const { ring, clock, maxAge = defaultMaxAge } = this.#dependencies;
      if (ring.isWorn(maxAge)) await ring.rotate();
      const retired = ring.status.keys.filter((key) => key.state === 'retired');
      if (retired.length === 0) return;
      const { versions } = await this.#reseal();
      for (const { version, retiredAt = Number.POSITIVE_INFINITY } of retired) {
        if (!versions.has(version) && clock.now() - retiredAt >= grace) await ring.destroy(version);
      }
    });
  }

  /** Makes a new key now and seals everything anew with it; the old key is destroyed an hour later. */
  rotate(report?: (progress: ResealProgress) => void): Promise<{ version: number; resealed: number }> {
    return this.#inTurn(async () => {
      const version = await this.#dependencies.ring.rotate();
      const { resealed } = await this.#reseal(report);
      return { version, resealed };
    });
  }

  #reseal(report?: (progress: ResealProgress) => void): Promise<ResealResult> {
    const { ring, seal, tables } = this.#dependencies;
    return reseal(tables, seal, ring.current, report);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#running.then(work, work);
    this.#running = done;
    return done;
  }
}
