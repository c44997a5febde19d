import type { Port } from '#shared/rpc/port.ts';

/** More than this waiting to be sent means that the peer does not keep up, bytes. */
const congestion = 1024 * 1024;

/** The contract over a WebSocket, one JSON text a frame. Resolves once the socket is open. */
export function openSocketPort(url: string): Promise<Port> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    let listener: ((frame: unknown) => void) | undefined;
    const early: unknown[] = [];
    const onClose: ((reason: string) => void)[] = [];
    let reason: string | undefined;

    socket.addEventListener('message', ({ data }) => {
      if (typeof data !== 'string') return socket.close(1003, 'Text only');
      const frame: unknown = JSON.parse(data);
      if (listener === undefined) early.push(frame);
      else listener(frame);
    });
    socket.addEventListener('close', (event) => {
      reason = event.reason || 'The service does not answer';
      reject(new Error(reason));
      for (const told of onClose.splice(0)) told(reason);
    });
    socket.addEventListener('open', () =>
      resolve({
        send: (frame) => {
          if (reason === undefined) socket.send(JSON.stringify(frame));
        },
        receive: (next) => {
          listener = next;
          for (const frame of early.splice(0)) next(frame);
        },
        closed: (told) => {
          if (reason === undefined) onClose.push(told);
          else told(reason);
        },
        close: (why) => socket.close(1000, why.slice(0, 100)),
        get congested() {
          return socket.bufferedAmount > congestion;
        },
      }),
    );
  });
}
