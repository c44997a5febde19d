import type { ssoDatabaseContract } from '#shared/contract/sso-database.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { Sso } from '#sso/create-sso.ts';

import type { DatabaseDesk } from '../sso/database-desk.ts';
import { requireSsoReader } from './require-sso-reader.ts';
import { ssoCallerOf } from './sso.ts';

export function createSsoDatabaseHandlers(
  desk: () => DatabaseDesk,
  sso: () => Sso,
): Handlers<typeof ssoDatabaseContract> {
  return {
    'sso.database': async (_, call) => {
      await requireSsoReader(sso(), call, 'Looking at the database');
      const { shared, isInUse, problem, replayDirectory } = await desk().describe();
      return {
        ...(shared === undefined ? {} : { shared }),
        isInUse,
        ...(problem === undefined ? {} : { problem }),
        replayDirectory,
      };
    },
    'sso.createDatabase': ({ settings, password }, call) =>
      desk().create(ssoCallerOf(call), { settings, password }),
    'sso.upgradeDatabase': async (_, call) => ({ steps: [...(await desk().upgrade(ssoCallerOf(call)))] }),
    'sso.setDatabase': async ({ settings, password }, call) => {
      await desk().set(ssoCallerOf(call), settings === null ? undefined : { settings, password });
      return {};
    },
    'sso.setReplayDirectory': async ({ directory }, call) => {
      await desk().setReplayDirectory(ssoCallerOf(call), directory);
      return {};
    },
  };
}
