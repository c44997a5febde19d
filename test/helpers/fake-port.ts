import { EventEmitter } from 'node:events';

/** A MessagePortMain: keeps what comes until it is started, and tells its peer when it closes. */
export class FakePort extends EventEmitter {
  readonly #waiting: unknown[] = [];
  #peer: FakePort | undefined;
  #started = false;
  #closed = false;

  static pair(): [FakePort, FakePort] {
    const [left, right] = [new FakePort(), new FakePort()];
    left.#peer = right;
    right.#peer = left;
    return [left, right];
  }

  postMessage(data: unknown): void {
    const peer = this.#peer;
    if (this.#closed || peer === undefined) return;
    const copy = structuredClone(data);
    queueMicrotask(() => peer.#take(copy));
  }

  start(): void {
    this.#started = true;
    for (const data of this.#waiting.splice(0)) this.emit('message', { data, ports: [] });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.emit('close');
    this.#peer?.close();
  }

  #take(data: unknown): void {
    if (this.#closed) return;
    if (this.#started) this.emit('message', { data, ports: [] });
    else this.#waiting.push(data);
  }
}
