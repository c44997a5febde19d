import { AppError } from '#shared/model/app-error.ts';
import type { ConsoleDestination } from '#shared/model/console-destination.ts';
import { joinPorts } from '#shared/rpc/join-ports.ts';
import type { Port } from '#shared/rpc/port.ts';

import { dialControl } from '../control/dial-control.ts';

/** Gives a page its way to the engine that came with the console. */
export type AttachHere = (page: Port) => void | Promise<void>;

/** Gives a page its way to the service that it asks for; a page that cannot have it is closed with the reason. */
export async function attachConsole(
  page: Port,
  destination: ConsoleDestination,
  here: AttachHere,
): Promise<void> {
  try {
    if (destination.kind === 'here') await here(page);
    else joinPorts(page, await dialControl(destination.path));
  } catch (error) {
    page.close(error instanceof AppError ? error.message : 'The service cannot be reached');
  }
}
