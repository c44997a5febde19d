import { FramePort } from '#shared/rpc/frame-port.ts';
import { answerLimit } from '#shared/rpc/line-decoder.ts';
import type { Port } from '#shared/rpc/port.ts';

/** More than this waiting to be sent means that the peer does not keep up, bytes. */
const congestion = 1024 * 1024;

/** The contract over a WebSocket, one JSON text a frame. Resolves once the socket is open. */
export function openSocketPort(url: string): Promise<Port> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const port = new SocketPort(socket);
    port.closed((reason) => reject(new Error(reason)));
    socket.addEventListener('open', () => resolve(port));
  });
}

class SocketPort extends FramePort {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    super(answerLimit);
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.deliverText(data));
    socket.addEventListener('close', ({ reason }) => this.end(reason || 'The service does not answer'));
  }

  get congested(): boolean {
    return this.#socket.bufferedAmount > congestion;
  }

  protected override transmit(frame: unknown): void {
    // A socket that closes takes nothing more; whoever waits for an answer hears of its end.
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  protected override disconnect(reason: string): void {
    this.#socket.close(1000, reason.slice(0, 100));
  }
}
