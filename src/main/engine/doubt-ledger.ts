import type { ConnectorId } from '#shared/model/change.ts';

interface Doubt {
  /** Sequences of attempts whose end is unknown: the target may still carry them out. */
  readonly suspects: Set<number>;
  /** The sequence that was set since and is confirmed at its next turn. */
  confirming: number | undefined;
  /** The target has answered since, and carries out nothing old after this moment. */
  until: number | undefined;
}

/** Connectors kept before those without doubt are forgotten. */
const sweepSize = 1024;

/**
 * Remembers attempts that timed out or lost their connection after sending. Such a write may land late, even over a
 * newer one. How late nobody knows while the target is silent (a stopped process works off its socket when it goes
 * on); once it answers, one operation timeout is taken as the limit.
 */
export class DoubtLedger {
  readonly #doubts = new Map<ConnectorId, Doubt>();
  /** Connectors whose doubt from the process before was noted. */
  readonly #inherited = new Set<ConnectorId>();

  /** An attempt of `sequence` ended, and nobody knows how. */
  suspect(connector: ConnectorId, sequence: number, now: number): void {
    if (this.#doubts.size >= sweepSize) this.#sweep(now);
    const doubt = this.#doubts.get(connector);
    if (doubt === undefined) {
      this.#doubts.set(connector, {
        suspects: new Set([sequence]),
        confirming: undefined,
        until: undefined,
      });
      return;
    }
    doubt.suspects.add(sequence);
    doubt.confirming = undefined;
    doubt.until = undefined;
  }

  /** The process before may have left an attempt of `sequence` at work; false where that was noted already. */
  inherit(connector: ConnectorId, sequence: number, now: number): boolean {
    if (this.#inherited.has(connector)) return false;
    this.#inherited.add(connector);
    this.suspect(connector, sequence, now);
    return true;
  }

  /** Whether an earlier attempt with this very password may have been carried out. */
  isSuspect(connector: ConnectorId, sequence: number): boolean {
    return this.#doubts.get(connector)?.suspects.has(sequence) ?? false;
  }

  /** Whether another password than that of `sequence` may still land. */
  isThreatened(connector: ConnectorId, sequence: number, now: number): boolean {
    const doubt = this.#doubts.get(connector);
    if (doubt === undefined) return false;
    if (doubt.until !== undefined && doubt.until < now) {
      this.#doubts.delete(connector);
      return false;
    }
    return [...doubt.suspects].some((suspect) => suspect !== sequence);
  }

  /** `sequence` was set and is confirmed at its next turn; nothing old lands after `until`. */
  confirmLater(connector: ConnectorId, sequence: number, until: number): void {
    const doubt = this.#doubts.get(connector);
    if (doubt === undefined) return;
    doubt.confirming = sequence;
    doubt.until ??= until;
  }

  /** Whether `sequence` was set, and what it was waited for is over; released earlier, it is set once more. */
  isConfirming(connector: ConnectorId, sequence: number, now: number): boolean {
    const doubt = this.#doubts.get(connector);
    return doubt?.confirming === sequence && doubt.until !== undefined && doubt.until <= now;
  }

  /** `sequence` was set for good: only its own lost attempts may still land, and not after `until`. */
  trust(connector: ConnectorId, sequence: number, until: number): void {
    const doubt = this.#doubts.get(connector);
    if (doubt === undefined) return;
    if (doubt.suspects.has(sequence) && doubt.confirming === undefined) doubt.until ??= until;
    else this.#doubts.delete(connector);
  }

  #sweep(now: number): void {
    for (const [connector, { until }] of this.#doubts)
      if (until !== undefined && until < now) this.#doubts.delete(connector);
  }
}
