import { FramePort } from './frame-port.ts';

/** A receiver says how far it is after this many frames. */
const acknowledgeEvery = 32;
/** Frames under way before events are left out, and before the connection is given up. */
const congestedAt = 256;
const hopelessAt = 8192;

/** What a page's, Node's and Electron's message ports have in common. */
export interface MessageEnd {
  postMessage(message: string | number): void;
  close(): void;
}

/**
 * The contract over a message port. A message is one frame as JSON text, so that one bound on its size holds for every
 * transport, or the number of frames received so far: a message port tells nobody that its reader is slow.
 * Whoever makes it feeds `take` and `gone` from the port's own events.
 */
export class MessagePortLink extends FramePort {
  readonly #end: MessageEnd;
  #sent = 0;
  #acknowledged = 0;
  #received = 0;

  constructor(end: MessageEnd) {
    super();
    this.#end = end;
  }

  get congested(): boolean {
    return this.#sent - this.#acknowledged > congestedAt;
  }

  take(message: unknown): void {
    if (!this.open) return;
    if (typeof message === 'number') {
      if (Number.isSafeInteger(message) && message >= this.#acknowledged && message <= this.#sent)
        this.#acknowledged = message;
      else this.close('An acknowledgement of what was never sent');
      return;
    }
    this.#received += 1;
    if (this.#received % acknowledgeEvery === 0) this.#end.postMessage(this.#received);
    this.deliverText(message);
  }

  gone(reason: string): void {
    this.end(reason);
  }

  protected override transmit(frame: unknown): void {
    this.#sent += 1;
    if (this.#sent - this.#acknowledged > hopelessAt) this.close('The peer does not read');
    else this.#end.postMessage(JSON.stringify(frame));
  }

  protected override disconnect(): void {
    this.#end.close();
  }
}
