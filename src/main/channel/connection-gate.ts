import type { Socket } from 'node:net';

import type { ChannelClock } from './channel-clock.ts';

/** Connections of one listener at most. */
export const mostConnections = 256;
/** Connections that have not signed in yet, at most: the oldest has to go. */
const mostStrangers = 64;
/** A stranger has to have signed in within this time, milliseconds. */
export const strangerLimit = 10_000;
const mostOfOneAddress = 32;

interface Stranger {
  readonly socket: Socket;
  readonly cancel: () => void;
}

/** Counts connections before TLS began, so that whoever floods pays with his own. */
export class ConnectionGate {
  readonly #clock: ChannelClock;
  readonly #mostPerAddress: number;
  readonly #strangers = new Map<string, Stranger>();
  readonly #perAddress = new Map<string, number>();
  #isClosed = false;

  constructor(clock: ChannelClock, mostPerAddress = mostOfOneAddress) {
    this.#clock = clock;
    this.#mostPerAddress = mostPerAddress;
  }

  meet(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const count = this.#perAddress.get(address) ?? 0;
    if (count >= this.#mostPerAddress || this.#isClosed) {
      socket.destroy();
      return;
    }
    const name = nameOf(socket);
    this.#perAddress.set(address, count + 1);
    const cancel = this.#clock.schedule(strangerLimit, () => socket.destroy());
    this.#strangers.set(name, { socket, cancel });
    socket.once('close', () => {
      this.#forget(name);
      const left = (this.#perAddress.get(address) ?? 1) - 1;
      if (left === 0) this.#perAddress.delete(address);
      else this.#perAddress.set(address, left);
    });
    if (this.#strangers.size > mostStrangers) this.#dropOldest();
  }

  /** Whoever has signed in may stay. */
  admit(socket: Socket): void {
    this.#forget(nameOf(socket));
  }

  /** Lets nobody in any more, and strangers go. */
  close(): void {
    this.#isClosed = true;
    for (const { socket } of this.#strangers.values()) socket.destroy();
  }

  #forget(name: string): void {
    this.#strangers.get(name)?.cancel();
    this.#strangers.delete(name);
  }

  #dropOldest(): void {
    for (const [name, { socket }] of this.#strangers) {
      // Now, since its `close` comes later and the next stranger may be here already.
      this.#forget(name);
      socket.destroy();
      return;
    }
  }
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
