import type { ChannelClock } from './channel-clock.ts';
import { maxRecord, type Padding } from './frame.ts';

/** With its header it fills one record. */
const padding: Padding = { kind: 'padding', length: maxRecord - 5 };
/** How long after a change its place in the receiver's memory is overwritten, milliseconds. */
const delay = 100;

export interface TrailingPaddingOptions {
  readonly clock: ChannelClock;
  readonly send: (padding: Padding) => void;
  /** Whether changes are still under way: they overwrite each other. */
  readonly isBusy: () => boolean;
}

/** Overwrites, once it is quiet, what the last record left on the receiver's stack. */
export class TrailingPadding {
  readonly #options: TrailingPaddingOptions;
  #cancel: (() => void) | undefined;

  constructor(options: TrailingPaddingOptions) {
    this.#options = options;
  }

  /** After a change was sent. */
  schedule(): void {
    this.#cancel ??= this.#options.clock.schedule(delay, () => this.#pad());
  }

  /** Sends at once what is due. */
  flush(): void {
    if (this.#cancel !== undefined) this.#options.send(padding);
  }

  stop(): void {
    this.#cancel?.();
  }

  #pad(): void {
    this.#cancel = undefined;
    if (this.#options.isBusy()) this.schedule();
    else this.#options.send(padding);
  }
}
