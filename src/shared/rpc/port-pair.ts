import { FramePort } from './frame-port.ts';
import type { Port } from './port.ts';

/** Two connected ports in one process; frames are copied as a real boundary would. */
export function createPortPair(): readonly [Port, Port] {
  const left = new MemoryPort();
  const right = new MemoryPort();
  left.join(right);
  right.join(left);
  return [left, right];
}

class MemoryPort extends FramePort {
  congested = false;
  #peer: MemoryPort | undefined;

  join(peer: MemoryPort): void {
    this.#peer = peer;
  }

  protected override transmit(frame: unknown): void {
    const copy = structuredClone(frame);
    queueMicrotask(() => this.#peer?.deliver(copy));
  }

  protected override disconnect(reason: string): void {
    this.#peer?.end(reason);
  }
}
