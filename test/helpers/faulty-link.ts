import { connect, createServer, type Server, type Socket } from 'node:net';

import { findFreePort } from '#lab/port.ts';

export type Fault = 'none' | 'down' | 'hang' | 'slow';

/** A wire to a server that can be cut, stopped up and slowed down; what travels on it is not looked at. */
export class FaultyLink {
  readonly #to: { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  #fault: Fault = 'none';

  constructor(to: { readonly host: string; readonly port: number }) {
    this.#to = to;
  }

  get port(): number {
    return this.#port;
  }

  async open(): Promise<void> {
    // It is left and taken again: one that no outgoing connection gets meanwhile.
    this.#port = await findFreePort();
    await this.#listen();
  }

  /** `down` refuses and cuts; `hang` lets nothing through; `slow` lets everything through a little later. */
  async set(fault: Fault): Promise<void> {
    const before = this.#fault;
    this.#fault = fault;
    if (fault === 'down') await this.#stop();
    else if (before === 'down') await this.#listen();
    // What was swallowed is missing for good.
    else if (before === 'hang') this.cut();
  }

  /** Cuts every connection, and takes new ones. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    await this.#stop();
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.cut();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  async #listen(): Promise<void> {
    const server = createServer((near) => this.#join(near));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.#port, '127.0.0.1', resolve);
    });
  }

  #join(near: Socket): void {
    const far = connect(this.#to);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => from.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.on('data', (bytes) => {
        if (this.#fault === 'hang') return;
        if (this.#fault === 'slow') setTimeout(() => to.write(bytes), 40);
        else to.write(bytes);
      });
    }
  }
}
