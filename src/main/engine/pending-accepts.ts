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
  readonly #sent = new Map<string, number>();

  add({ change, source, origin, refusal, deliveries }: AcceptedChange): void {
    if (source !== undefined && !isOlder(change, this.#incoming.get(source)))
      this.#incoming.set(source, change);
    for (const { connector, state } of deliveries) if (state === 'waiting') this.#open.set(connector, change);
    if (origin !== undefined && refusal === undefined) this.#count(origin, 1);
  }

  remove({ change, source, origin, refusal, deliveries }: AcceptedChange): void {
    if (source !== undefined && this.#incoming.get(source) === change) this.#incoming.delete(source);
    for (const { connector } of deliveries)
      if (this.#open.get(connector) === change) this.#open.delete(connector);
    if (origin !== undefined && refusal === undefined) this.#count(origin, -1);
  }

  /** Newest change on its way that came in from the connector. */
  incomingStamp(connector: ConnectorId): ChangeStamp | undefined {
    return this.#incoming.get(connector);
  }

  /** Newest change on its way that will wait for the connector. */
  openStamp(connector: ConnectorId): ChangeStamp | undefined {
    return this.#open.get(connector);
  }

  /** Changes on their way that count against the partition's limit. */
  sent(origin: NonNullable<AcceptedChange['origin']>): number {
    return this.#sent.get(keyOf(origin)) ?? 0;
  }

  #count(origin: NonNullable<AcceptedChange['origin']>, by: number): void {
    const key = keyOf(origin);
    const count = (this.#sent.get(key) ?? 0) + by;
    if (count === 0) this.#sent.delete(key);
    else this.#sent.set(key, count);
  }
}

function keyOf({ agent, partition }: NonNullable<AcceptedChange['origin']>): string {
  return `${agent} ${partition}`;
}
