import type { ssoSecretContract } from '#shared/contract/sso-secret.ts';
import type { Handlers } from '#shared/rpc/contract.ts';

import type { SecretDesk } from '../sso/secret-desk.ts';
import { ssoCallerOf } from './sso.ts';

export function createSsoSecretHandlers(desk: () => SecretDesk): Handlers<typeof ssoSecretContract> {
  return {
    'sso.generateSecret': async ({ file, password, reminder }, call) => ({
      current: await desk().generate(ssoCallerOf(call), file, password, reminder),
    }),
    'sso.backUpSecret': async ({ file, password, reminder }, call) => {
      await desk().backUp(ssoCallerOf(call), file, password, reminder);
      return {};
    },
    'sso.restoreSecret': async ({ file, password }, call) => ({
      current: await desk().restore(ssoCallerOf(call), file, password),
    }),
    'sso.testSecret': async ({ file, password }, call) => {
      const { secrets, hasCurrent, lost } = await desk().test(ssoCallerOf(call), file, password);
      return { secrets: [...secrets], hasCurrent, lost };
    },
    'sso.secretReminder': async ({ file }, call) => ({
      reminder: await desk().readReminder(ssoCallerOf(call), file),
    }),
    'sso.reencrypt': async (_, call) => {
      await desk().reencrypt(ssoCallerOf(call));
      return {};
    },
    'sso.cancelReencrypt': async (_, call) => ({
      wasRunning: await desk().cancelReencrypt(ssoCallerOf(call)),
    }),
  };
}
