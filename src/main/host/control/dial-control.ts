import { connect } from 'node:net';

import { AppError } from '#shared/model/app-error.ts';
import { answerLimit } from '#shared/rpc/line-decoder.ts';
import type { Port } from '#shared/rpc/port.ts';

import { findControlAddress } from './control-address.ts';
import { SocketPort } from './socket-port.ts';

/** Connects to the service of a data directory. Throws `AppError` `unavailable` where none runs, `forbidden` where it may not. */
export async function dialControl(dataDirectory: string): Promise<Port> {
  const { path, token } = findControlAddress(dataDirectory);
  const socket = connect(path);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EACCES' || cause.code === 'EPERM')
      throw new AppError('forbidden', `The service in ${dataDirectory} belongs to another user`, {
        cause,
        fix: 'Run the command as the user of the service, or as root.',
      });
    throw new AppError('unavailable', `No service runs in ${dataDirectory}`, {
      cause,
      fix: `Start it: carillon serve --data '${dataDirectory}'`,
    });
  });
  const port = new SocketPort(socket, answerLimit);
  if (token !== undefined) port.send(token);
  return port;
}
