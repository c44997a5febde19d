import { EventEmitter } from 'node:events';

import { FakePort } from './fake-port.ts';

/** Loaded before an engine that runs without Electron: gives it the `process.parentPort` of a utility process. */
interface FromShell {
  readonly message?: unknown;
  readonly ports?: readonly number[];
  readonly port?: number;
  readonly data?: unknown;
  readonly closed?: boolean;
}

const parentPort = new EventEmitter();
const ports = new Map<number, FakePort>();

function open(number: number): FakePort {
  const [near, far] = FakePort.pair();
  ports.set(number, near);
  near.on('message', ({ data }) => process.send?.({ port: number, data }));
  near.on('close', () => process.send?.({ port: number, closed: true }));
  near.start();
  return far;
}

process.on('message', ({ message, ports: numbers = [], port, data, closed }: FromShell) => {
  if (port === undefined) parentPort.emit('message', { data: message, ports: numbers.map(open) });
  else if (closed) ports.get(port)?.close();
  else ports.get(port)?.postMessage(data);
});
process.on('disconnect', () => process.exit(1));
Object.assign(process, { parentPort });
