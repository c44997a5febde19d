import type { ssoServersContract } from '#shared/contract/sso-servers.ts';
import type { Handlers } from '#shared/rpc/contract.ts';

import type { ServerBoard } from '../sso/server-board.ts';
import { ssoCallerOf } from './sso.ts';

export function createSsoServerHandlers(board: () => ServerBoard): Handlers<typeof ssoServersContract> {
  return {
    'sso.servers': () => board().rows(),
    'sso.startServer': async ({ name }, call) => {
      await board().setStopped(ssoCallerOf(call), name, false);
      return {};
    },
    'sso.stopServer': async ({ name }, call) => {
      await board().setStopped(ssoCallerOf(call), name, true);
      return {};
    },
    'sso.resetServerCounts': async ({ name }, call) => {
      await board().resetCounts(ssoCallerOf(call), name);
      return {};
    },
    'sso.discoverServers': () => board().discover(),
  };
}
