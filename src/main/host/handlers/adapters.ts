import type { adaptersContract } from '#shared/contract/adapters.ts';
import type { Handlers } from '#shared/rpc/contract.ts';

import type { SsoService } from '../sso/open-sso.ts';
import type { SynchronizationService } from '../sso/open-synchronization.ts';
import { ssoCallerOf } from './sso.ts';

export interface AdapterHandlerParts {
  readonly sso: SsoService;
  readonly synchronization: SynchronizationService;
}

export function createAdapterHandlers(
  required: () => AdapterHandlerParts,
): Handlers<typeof adaptersContract> {
  return {
    'adapters.state': async (_, call) => {
      const { sso, synchronization } = required();
      const { adapters: server, listener, synchronization: rules } = synchronization;
      const definitions = await sso.sso.adapters.list(ssoCallerOf(call));
      const adapters = await Promise.all(
        definitions.map(async ({ name, kind, enabled }) => {
          const session = server.sessions.find((one) => one.adapter.toLowerCase() === name.toLowerCase());
          return {
            name,
            kind,
            enabled,
            online: session !== undefined,
            ...(session === undefined
              ? {}
              : { software: session.software, connectedAt: session.openedAt, heardAt: session.heardAt }),
            waiting: await rules.ports.queue.count(name),
            unconfirmed: session?.pending ?? 0,
          };
        }),
      );
      return { socket: server.path, listener: listener.status, adapters };
    },
    'adapters.queue': async ({ adapter, limit }, call) => {
      const { sso, synchronization } = required();
      const { name } = await sso.sso.adapters.get(ssoCallerOf(call), adapter);
      const waiting = await synchronization.synchronization.ports.queue.list(name, limit);
      return waiting.map(({ sealed: _sealed, adapter: _adapter, ...row }) => row);
    },
    'adapters.damping': async ({ limit }, call) => {
      const { sso, synchronization } = required();
      await sso.sso.access.requireSyncAdministrator(ssoCallerOf(call), 'Looking at the damping table');
      return [...(await synchronization.synchronization.listDamping(limit))];
    },
    'adapters.reset': async (target, call) => {
      const { sso, synchronization } = required();
      const rules = synchronization.synchronization;
      const caller = ssoCallerOf(call);
      await sso.sso.access.requireSyncAdministrator(caller, 'Resetting password synchronization');
      if ('adapter' in target) {
        const { name } = await sso.sso.adapters.require(target.adapter);
        return { dropped: await rules.desk.clear(name) };
      }
      if (target.what === 'all') return { dropped: await rules.desk.clear(undefined) };
      return { dropped: await rules.clearDamping() };
    },
  };
}
