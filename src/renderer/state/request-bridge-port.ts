import { MessagePortLink } from '#shared/rpc/message-port.ts';
import type { Port } from '#shared/rpc/port.ts';

import type { ConsoleHost } from './console-host.ts';

/** How long the shell may take to hand over a port, milliseconds. */
const patience = 5000;

let lastRequest = 0;

/** Asks the desktop shell for a port to the engine. Rejects where none comes. */
export function requestBridgePort(host: ConsoleHost, destination: string): Promise<Port> {
  lastRequest += 1;
  const request = lastRequest;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      window.removeEventListener('message', onMessage);
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error('The engine does not answer'));
    }, patience);
    const onMessage = ({ source, origin, data, ports }: MessageEvent): void => {
      if (source !== window || origin !== location.origin || !isAnswer(data, request)) return;
      const [port] = ports;
      stop();
      if (port === undefined) reject(new Error('The engine does not answer'));
      else resolve(link(port));
    };
    // Before the request: window messages are not kept for a later listener.
    window.addEventListener('message', onMessage);
    host.requestPort(request, destination);
  });
}

function isAnswer(data: unknown, request: number): boolean {
  return (
    typeof data === 'object' &&
    data !== null &&
    'tag' in data &&
    data.tag === 'console:port' &&
    'request' in data &&
    data.request === request
  );
}

function link(port: MessagePort): Port {
  const end = new MessagePortLink(port);
  // Setting it starts the port.
  port.onmessage = ({ data }) => end.take(data);
  port.addEventListener('close', () => end.gone('The engine is gone'));
  return end;
}
