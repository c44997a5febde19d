import { lineLimit } from './line-decoder.ts';
import type { Port } from './port.ts';

/** Frames kept for a receiver that is not there yet; a peer that sends more does not wait for answers. */
const earlyLimit = 1024;

/**
 * What every port keeps alike: frames that came before their receiver, the one reason of the end, and who is told of
 * it. A transport adds how bytes come and go, and calls `deliver`, `deliverText` or `end`.
 */
export abstract class FramePort implements Port {
  readonly #early: unknown[] = [];
  readonly #onClose: ((reason: string) => void)[] = [];
  #listener: ((frame: unknown) => void) | undefined;
  #reason: string | undefined;
  readonly #longest: number;

  /** `longest` bounds a frame that comes as text, in characters. */
  constructor(longest = lineLimit) {
    this.#longest = longest;
  }

  abstract get congested(): boolean;

  /** Moves one frame; called on an open port only. */
  protected abstract transmit(frame: unknown): void;

  /** Lets go of the transport; called once, when this end is the one that closes. */
  protected abstract disconnect(reason: string): void;

  get open(): boolean {
    return this.#reason === undefined;
  }

  send(frame: unknown): void {
    if (this.open) this.transmit(frame);
  }

  receive(listener: (frame: unknown) => void): void {
    this.#listener = listener;
    for (const frame of this.#early.splice(0)) if (this.open) listener(frame);
  }

  closed(listener: (reason: string) => void): void {
    if (this.#reason === undefined) this.#onClose.push(listener);
    else listener(this.#reason);
  }

  close(reason: string): void {
    if (!this.open) return;
    this.end(reason);
    this.disconnect(reason);
  }

  /** The transport brought a frame. */
  protected deliver(frame: unknown): void {
    if (!this.open) return;
    if (this.#listener !== undefined) this.#listener(frame);
    else if (this.#early.length < earlyLimit) this.#early.push(frame);
    else this.close('Too many frames before an answer');
  }

  /** The transport brought what should be a frame as JSON text. */
  protected deliverText(text: unknown): void {
    if (!this.open) return;
    let frame: unknown;
    try {
      if (typeof text !== 'string') throw new TypeError('Not text');
      // In characters, which are at most as many as bytes: the bound is on memory, not on an exact length.
      if (text.length > this.#longest) throw new RangeError('Too long');
      frame = JSON.parse(text);
    } catch (error) {
      // Without the parser's words: they quote what it read, and that may hold a secret.
      this.close(error instanceof RangeError ? 'A frame is too long' : 'A frame is not JSON text');
      return;
    }
    this.deliver(frame);
  }

  /** The transport is gone, or about to be let go. */
  protected end(reason: string): void {
    if (!this.open) return;
    this.#reason = reason;
    this.#early.length = 0;
    for (const listener of this.#onClose.splice(0)) listener(reason);
  }
}
