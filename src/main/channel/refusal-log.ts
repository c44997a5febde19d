import type { ChannelClock } from './channel-clock.ts';
import type { ChannelEvent } from './channel-event.ts';

/** The same refusal of the same address is written once in this time, milliseconds. */
const quiet = 60_000;
/** Addresses and reasons remembered at most. */
const capacity = 1024;

/** Somebody who was not let in, and the number that the log has for it. */
export interface Refused {
  readonly code: string;
  readonly number: number;
  readonly message: string;
  readonly fix: string | undefined;
}

/** Writes refused connections to the event log, so that a flood of them does not flood the log. */
export class RefusalLog {
  readonly #events: (event: ChannelEvent) => void;
  readonly #clock: ChannelClock;
  readonly #written = new Map<string, { readonly at: number; more: number }>();

  constructor({ events, clock }: { events: (event: ChannelEvent) => void; clock: ChannelClock }) {
    this.#events = events;
    this.#clock = clock;
  }

  note({ code, number, message, fix = '' }: Refused, address: string, principal: string | undefined): void {
    const at = this.#clock.now();
    const key = `${address} ${code}`;
    const before = this.#written.get(key);
    if (before !== undefined && at - before.at < quiet) {
      before.more += 1;
      return;
    }
    if (this.#written.size >= capacity) this.#written.clear();
    this.#written.set(key, { at, more: 0 });
    const more = before === undefined || before.more === 0 ? '' : ` (and ${before.more} more before)`;
    const who = principal === undefined ? address : `${principal} at ${address}`;
    this.#events({
      number,
      at,
      message: `Connection of ${who} refused: ${message}. ${fix}${more}`,
    });
  }
}
