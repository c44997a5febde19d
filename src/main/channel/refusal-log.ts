import type { ChannelClock } from './channel-clock.ts';
import type { ChannelError } from './channel-error.ts';
import type { ChannelEvent } from './channel-event.ts';

/** A connection refused for any other reason than 6914. */
const connectionRefused = 7039;
const notADomainController = 6914;
/** The same refusal of the same address is written once in this time, milliseconds. */
const quiet = 60_000;
/** Addresses and reasons remembered at most. */
const capacity = 1024;

/** Writes refused connections to the event log, so that a flood of them does not flood the log. */
export class RefusalLog {
  readonly #events: (event: ChannelEvent) => void;
  readonly #clock: ChannelClock;
  readonly #written = new Map<string, { readonly at: number; more: number }>();

  constructor({ events, clock }: { events: (event: ChannelEvent) => void; clock: ChannelClock }) {
    this.#events = events;
    this.#clock = clock;
  }

  note({ code, event, message, fix }: ChannelError, address: string, principal: string | undefined): void {
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
      number: event === notADomainController ? notADomainController : connectionRefused,
      at,
      message: `Connection of ${who} refused: ${message}. ${fix}${more}`,
    });
  }
}
