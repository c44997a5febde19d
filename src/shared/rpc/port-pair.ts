import type { Port } from './port.ts';

/** Two connected ports in one process; frames are copied as a real boundary would. */
export function createPortPair(): readonly [Port, Port] {
  const left = new MemoryPort();
  const right = new MemoryPort();
  left.join(right);
  right.join(left);
  return [left, right];
}

class MemoryPort implements Port {
  congested = false;
  #peer: MemoryPort | undefined;
  #listener: ((frame: unknown) => void) | undefined;
  #reason: string | undefined;
  readonly #waiting: unknown[] = [];
  readonly #onClose: ((reason: string) => void)[] = [];

  join(peer: MemoryPort): void {
    this.#peer = peer;
  }

  send(frame: unknown): void {
    const peer = this.#peer;
    if (this.#reason !== undefined || peer === undefined) return;
    const copy = structuredClone(frame);
    queueMicrotask(() => peer.#take(copy));
  }

  receive(listener: (frame: unknown) => void): void {
    this.#listener = listener;
    for (const frame of this.#waiting.splice(0)) listener(frame);
  }

  closed(listener: (reason: string) => void): void {
    if (this.#reason === undefined) this.#onClose.push(listener);
    else listener(this.#reason);
  }

  close(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const listener of this.#onClose.splice(0)) listener(reason);
    this.#peer?.close(reason);
  }

  #take(frame: unknown): void {
    if (this.#reason !== undefined) return;
    if (this.#listener === undefined) this.#waiting.push(frame);
    else this.#listener(frame);
  }
}
