import type { Port } from './port.ts';

/** Carries frames both ways until either end closes. */
export function joinPorts(left: Port, right: Port): void {
  left.receive((frame) => right.send(frame));
  right.receive((frame) => left.send(frame));
  left.closed((reason) => right.close(reason));
  right.closed((reason) => left.close(reason));
}
