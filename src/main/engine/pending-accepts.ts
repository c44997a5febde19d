import type { ChangeStamp, ConnectorId } from '#shared/model/change.ts';

import { isOlder } from './is-older.ts';
import type { AcceptedChange } from './queue.ts';

/**
 * Changes on their way to disk. The queue does not show them yet, and the gates must count them: two changes of one
 * account may be received in one turn.
 */
export class PendingAccepts {
  readonly #incoming = new Map<ConnectorId, ChangeStamp>();
  readonly #open = new Map<ConnectorId, ChangeStamp>();
  /** Sequences of changes that count against a partition's limit. */
  readonly #sent = new Map<string, Set<number>>();

  add({ change, sequence, source, origin, refusal, deliveries }: AcceptedChange): void {
    if (source !== undefined && !isOlder(change, this.#incoming.get(source)))
      this.#incoming.set(source, change);
    for (const { connector, state } of deliveries) if (state === 'waiting') this.#open.set(connector, change);
    if (origin === undefined || refusal !== undefined) return;
    const sequences = this.#sent.get(keyOf(origin)) ?? new Set();
    this.#sent.set(keyOf(origin), sequences.add(sequence));
  }

  remove({ change, sequence, source, origin, refusal, deliveries }: AcceptedChange): void {
    if (source !== undefined && this.#incoming.get(source) === change) this.#incoming.delete(source);
    for (const { connector } of deliveries)
      if (this.#open.get(connector) === change) this.#open.delete(connector);
    if (origin !== undefined && refusal === undefined) this.#sent.get(keyOf(origin))?.delete(sequence);
  }

  /** Newest change on its way that came in from the connector. */
  incomingStamp(connector: ConnectorId): ChangeStamp | undefined {
    return this.#incoming.get(connector);
  }

  /** Newest change on its way that will wait for the connector. */
  openStamp(connector: ConnectorId): ChangeStamp | undefined {
    return this.#open.get(connector);
  }

  /** Changes on their way that count against the partition's limit; those up to `stored` are on disk already. */
  countSent(origin: NonNullable<AcceptedChange['origin']>, stored: number): number {
    return [...(this.#sent.get(keyOf(origin)) ?? [])].filter((sequence) => sequence > stored).length;
  }
}

function keyOf({ agent, partition }: NonNullable<AcceptedChange['origin']>): string {
  return `${agent} ${partition}`;
}
