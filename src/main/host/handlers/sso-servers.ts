import type { ssoServersContract } from '#shared/contract/sso-servers.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { Sso } from '#sso/create-sso.ts';

import type { ServerBoard } from '../sso/server-board.ts';
import { requireSsoReader } from './require-sso-reader.ts';
import { ssoCallerOf } from './sso.ts';

export function createSsoServerHandlers(
  board: () => ServerBoard,
  sso: () => Sso,
): Handlers<typeof ssoServersContract> {
  return {
    'sso.servers': async (_, call) => {
      await requireSsoReader(sso(), call, 'Listing the servers');
      return await board().rows();
    },
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
    'sso.discoverServers': async (_, call) => {
      await requireSsoReader(sso(), call, 'Looking for servers');
      return await board().discover();
    },
  };
}
