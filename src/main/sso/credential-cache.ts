import type { SealedCredential } from './credentials.ts';
import type { Mapping, SsoClock } from './ports.ts';

/** Entries kept at most; one more and all go, which costs a second of look-ups. */
const capacity = 50_000;

export interface CachedLookup {
  readonly mapping: Mapping;
  readonly credential: SealedCredential;
}

interface Entry {
  readonly until: number;
  readonly value: CachedLookup;
}

/** Look-ups by application and account, still sealed: a memory dump of the cache shows no password. */
export class CredentialCache {
  readonly #clock: SsoClock;
  readonly #timeout: () => number;
  readonly #entries = new Map<string, Map<string, Entry>>();
  #size = 0;

  /** `timeout` in milliseconds. */
  constructor(clock: SsoClock, timeout: () => number) {
    this.#clock = clock;
    this.#timeout = timeout;
  }

  get size(): number {
    return this.#size;
  }

  get(application: string, key: string): CachedLookup | undefined {
    const entries = this.#entries.get(application.toLowerCase());
    const entry = entries?.get(key);
    if (entry === undefined) return undefined;
    if (entry.until > this.#clock.now()) return entry.value;
    if (entries?.delete(key)) this.#size -= 1;
    return undefined;
  }

  put(application: string, key: string, value: CachedLookup): void {
    if (this.#size >= capacity) this.clear();
    const folded = application.toLowerCase();
    const entries = this.#entries.get(folded) ?? new Map<string, Entry>();
    if (!entries.has(key)) this.#size += 1;
    entries.set(key, { until: this.#clock.now() + this.#timeout(), value });
    this.#entries.set(folded, entries);
  }

  /** Forgets one application. */
  forget(application: string): void {
    const folded = application.toLowerCase();
    this.#size -= this.#entries.get(folded)?.size ?? 0;
    this.#entries.delete(folded);
  }

  clear(): void {
    this.#entries.clear();
    this.#size = 0;
  }
}
