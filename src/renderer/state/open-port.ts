import type { ConsoleDestination } from '#shared/model/console-destination.ts';
import type { Port } from '#shared/rpc/port.ts';

import { findConsoleHost } from './console-host.ts';
import { requestBridgePort } from './request-bridge-port.ts';
import { openSocketPort } from './socket-port.ts';

/** Opens the way to a service: through the desktop shell where there is one, else to the server of this page. */
export function openPort(destination: ConsoleDestination): Promise<Port> {
  const text = JSON.stringify(destination);
  const host = findConsoleHost();
  if (host !== undefined) return requestBridgePort(host, text);
  const address = new URL(`rpc?to=${encodeURIComponent(text)}`, location.href.replace(/^http/, 'ws'));
  return openSocketPort(address.href);
}
