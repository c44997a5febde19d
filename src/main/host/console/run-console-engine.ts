import { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';
import { destinationLimit, parseDestination } from '#shared/model/console-destination.ts';
import { joinPorts } from '#shared/rpc/join-ports.ts';
import { type MessageEnd, MessagePortLink } from '#shared/rpc/message-port.ts';
import type { Port } from '#shared/rpc/port.ts';

import { dialControl } from '../control/dial-control.ts';
import { hardenProcess } from '../harden-process.ts';
import { keepMemorySmall } from '../keep-memory-small.ts';
import { startHost } from '../start-host.ts';
import { attachConsole, type ConsoleWays } from './attach-console.ts';

/** An orderly stop that takes longer than this is given up, milliseconds; what is queued is on disk anyway. */
const stopLimit = 2500;

/** One end of a channel as a utility process gets it. */
export interface EngineEnd extends MessageEnd {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
}

/** The utility process's line to the main process. */
export interface EngineParent {
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly EngineEnd[] }) => void,
  ): unknown;
}

export interface ConsoleEngineOptions {
  readonly parent: EngineParent;
  readonly dataDirectory: string;
  exit(code: number): void;
}

const orderSchema = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('attach'), destination: z.string().max(destinationLimit) }),
  z.strictObject({ t: z.literal('shutdown') }),
]);

/**
 * The desktop console's engine: runs on the user's data directory, or leads to the service that has it open, and
 * answers each page over the message port that the main process hands over. Ends when it is told to.
 */
export async function runConsoleEngine({ parent, dataDirectory, exit }: ConsoleEngineOptions): Promise<void> {
  hardenProcess();
  keepMemorySmall();
  const starting = startHost({ dataDirectory }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'conflict') return undefined;
    throw error;
  });
  const here = async (page: Port): Promise<void> => {
    const host = await starting;
    if (host === undefined) joinPorts(page, await dialControl(dataDirectory));
    else host.attach(page, 'administer', 'console');
  };
  const stop = async (): Promise<void> => {
    const timer = setTimeout(() => exit(1), stopLimit).unref();
    const host = await starting.catch(() => undefined);
    await host?.stop();
    clearTimeout(timer);
    exit(0);
  };
  // Before the start has ended: pages that ask meanwhile wait for it.
  parent.on('message', ({ data, ports: [end, ...others] }) => {
    for (const other of others) other.close();
    const order = orderSchema.safeParse(data);
    if (!order.success) end?.close();
    else if (order.data.t === 'shutdown') void stop();
    else if (end !== undefined) attach(end, order.data.destination, { here });
  });
  await starting;
}

function attach(end: EngineEnd, text: string, ways: ConsoleWays): void {
  const link = new MessagePortLink(end);
  end.on('message', ({ data }) => link.take(data));
  end.on('close', () => link.gone('The page is gone'));
  end.start();
  try {
    void attachConsole(link, parseDestination(text), ways);
  } catch {
    link.close('No destination of a console');
  }
}
