import type { SsoService } from '../open-sso.ts';
import type { SynchronizationService } from '../open-synchronization.ts';
import type { ServerBoard } from '../server-board.ts';
import type { ServerReport } from './server-report.ts';

export interface JoinSystemParts {
  readonly sso: SsoService;
  readonly synchronization: SynchronizationService;
  readonly servers: ServerBoard;
  readonly changed: () => void;
}

/** Takes part in a system of several servers from now on; nothing where this server stands alone. */
export async function joinSystem({ sso, synchronization, servers, changed }: JoinSystemParts): Promise<void> {
  const { report } = synchronization.synchronization.ports;
  await sso.system?.start({
    describe: () => servers.describeOwn(channelOf(sso, synchronization)),
    purge: (application) => sso.sso.forget(application),
    definitions() {
      // Who may look what up may have changed too.
      sso.sso.forget();
      synchronization.adapters.refresh().catch(report);
    },
    queue: (adapter) => synchronization.synchronization.desk.announce(adapter),
    back: () => synchronization.databaseBack().catch(report),
    resetCounts: () => servers.resetOwnCounts(),
    // Not waited for: a master secret server that does not answer holds up nothing else.
    polled: () => void sso.courier?.fetch(),
    changed,
  });
  await sso.courier?.fetch();
}

/** Where other servers reach this one: the address that it listens on, or its name where that is every address. */
function channelOf({ ports }: SsoService, { listener }: SynchronizationService): ServerReport['channel'] {
  const { status } = listener;
  const { state, host, port, spn, fingerprint } = status;
  if (state !== 'listening' || host === undefined || port === undefined) return undefined;
  if (spn === undefined || fingerprint === undefined) return undefined;
  const isEvery = host === '0.0.0.0' || host === '::';
  return { host: isEvery ? ports.settings().hostName : host, port, spn, fingerprint };
}
