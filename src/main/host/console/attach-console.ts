import { AppError } from '#shared/model/app-error.ts';
import type { ConsoleDestination } from '#shared/model/console-destination.ts';
import { parseRequest, type Response } from '#shared/rpc/frame.ts';
import { joinPorts } from '#shared/rpc/join-ports.ts';
import type { Port } from '#shared/rpc/port.ts';
import { toWireError } from '#shared/rpc/wire-error.ts';

import { dialControl } from '../control/dial-control.ts';

/** Where a page can be led by the program that opened it. */
export interface ConsoleWays {
  /** To the engine that came with the console. */
  here(page: Port): void | Promise<void>;
  /** To what the program itself offers; absent where that is nothing. */
  desk?(page: Port): void;
}

/** Gives a page its way to what it asks for; a page that cannot have it is told why, and closed. */
export async function attachConsole(
  page: Port,
  destination: ConsoleDestination,
  ways: ConsoleWays,
): Promise<void> {
  try {
    if (destination.kind === 'here') await ways.here(page);
    else if (destination.kind === 'directory') joinPorts(page, await dialControl(destination.path));
    else if (destination.kind === 'server') joinPorts(page, await dialServer(destination));
    else if (destination.kind === 'servers') await serveServers(page);
    else if (ways.desk === undefined) page.close('There is nothing of that kind here');
    else ways.desk(page);
  } catch (error) {
    explain(
      page,
      error instanceof AppError ? error : new AppError('unavailable', 'The service cannot be reached'),
    );
  }
}

// What speaks Kerberos and TLS is loaded when a page asks for another computer.

async function dialServer({ host, port }: { readonly host: string; readonly port: number }): Promise<Port> {
  const [{ reachServer }, { KnownServers, knownServerFiles }] = await Promise.all([
    import('../remote/reach-server.ts'),
    import('../remote/known-servers.ts'),
  ]);
  const known = new KnownServers(knownServerFiles().own);
  const connection = await reachServer(known, { address: { host, port }, purpose: 'console' });
  return connection.port;
}

async function serveServers(page: Port): Promise<void> {
  const [{ serveServersDesk }, { KnownServers, knownServerFiles }] = await Promise.all([
    import('../remote/servers-desk.ts'),
    import('../remote/known-servers.ts'),
  ]);
  serveServersDesk(page, new KnownServers(knownServerFiles().own));
}

/** Answers the page's first call with the reason and its fix, for which the end of a connection has no room. */
function explain(page: Port, error: AppError): void {
  page.receive((frame) => {
    try {
      const { id } = parseRequest(frame);
      page.send({ t: 'failed', id, error: toWireError(error) } satisfies Response);
    } catch {
      // Nothing that could be answered.
    }
    // Behind the answer, also on a port that ends at once.
    queueMicrotask(() => page.close(error.message));
  });
}
