import { AppError } from '#shared/model/app-error.ts';
import type { ConsoleDestination } from '#shared/model/console-destination.ts';
import { joinPorts } from '#shared/rpc/join-ports.ts';
import type { Port } from '#shared/rpc/port.ts';

import { dialControl } from '../control/dial-control.ts';

/** Where a page can be led by the program that opened it. */
export interface ConsoleWays {
  /** To the engine that came with the console. */
  here(page: Port): void | Promise<void>;
  /** To what the program itself offers; absent where that is nothing. */
  desk?(page: Port): void;
}

/** Gives a page its way to what it asks for; a page that cannot have it is closed with the reason. */
export async function attachConsole(
  page: Port,
  destination: ConsoleDestination,
  ways: ConsoleWays,
): Promise<void> {
  try {
    if (destination.kind === 'here') await ways.here(page);
    else if (destination.kind === 'directory') joinPorts(page, await dialControl(destination.path));
    else if (ways.desk === undefined) page.close('There is nothing of that kind here');
    else ways.desk(page);
  } catch (error) {
    page.close(error instanceof AppError ? error.message : 'The service cannot be reached');
  }
}
