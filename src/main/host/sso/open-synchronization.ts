import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { ReplayFiles } from '#adapters/replay/replay-files.ts';
import { AdapterServer } from '#adapters/server/adapter-server.ts';
import type { Clock } from '#engine/clock.ts';
import type { EngineEvent } from '#engine/event-sink.ts';
import type { Seal } from '#engine/seal.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { applyPasswordFilter } from '#shared/text/password-filter.ts';
import { createSynchronization, type Synchronization } from '#sso/synchronization/create-synchronization.ts';
import { notificationContext } from '#sso/synchronization/notification-context.ts';
import type { NotificationSeal, WindowsPasswords } from '#sso/synchronization/ports.ts';
import type { Database } from '#store/database.ts';
import { NotificationTable } from '#store/notification-table.ts';
import { StoredDamping } from '#store/stored-damping.ts';

import type { Domain } from './domain-directory.ts';
import type { SsoService } from './open-sso.ts';
import { WindowsListener } from './windows-listener.ts';

/** How often an adapter is asked whether it is alive, seconds. */
const keepAliveSeconds = 60;

export interface OpenSynchronizationParts {
  readonly dataDirectory: string;
  readonly configuration: Configuration;
  readonly sso: SsoService;
  readonly database: Database;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly windows: WindowsPasswords;
  readonly domains: () => readonly Domain[];
  readonly credential: (agent: string) => Promise<SecretBytes>;
  readonly record: (event: EngineEvent) => void;
  readonly changed: () => void;
  readonly report: (error: unknown) => void;
}

/** Password synchronization at work: adapters may connect, and changes of Windows passwords come in. */
export interface SynchronizationService {
  readonly synchronization: Synchronization;
  readonly adapters: AdapterServer;
  readonly listener: WindowsListener;
  /** Follows definitions and settings that changed. */
  follow(configuration: Configuration): Promise<void>;
  stop(): Promise<void>;
}

export async function openSynchronization(parts: OpenSynchronizationParts): Promise<SynchronizationService> {
  const { dataDirectory, configuration, sso, database, clock, windows, domains, credential } = parts;
  const { record, changed, report } = parts;
  const synchronization = await createSynchronization({
    ...sso.ports,
    clock,
    credentials: sso.sso.credentials,
    queue: new NotificationTable(database),
    notificationSeal: sealNotifications(parts.seal),
    damping: new StoredDamping(database),
    windows,
    filter: applyPasswordFilter,
    newTrackingId: randomUUID,
    report,
  });
  const { audit } = synchronization.ports;
  const replay = new ReplayFiles(join(dataDirectory, 'replay'), synchronization);
  const adapters = new AdapterServer({
    synchronization,
    directory: configuration.singleSignOn.adapterDirectory ?? join(dataDirectory, 'adapters'),
    keepAliveSeconds,
    stateChanged: changed,
    reportWhileAway: (adapter, change, secrets) => replay.store(adapter, change, secrets),
  });
  const listener = new WindowsListener({
    dataDirectory,
    clock,
    synchronization,
    domains,
    credential,
    record,
    report,
  });
  await audit.record({ event: 10650, message: 'Password synchronization is starting', level: 1 });
  try {
    await audit.record({ event: 10656, message: 'Adapters are about to be let in', level: 1 });
    await adapters.start();
    await audit.record({ event: 10657, message: `Adapters connect to ${adapters.path}`, level: 1 });
  } catch (error) {
    // The rest of the service has to come up all the same.
    report(error);
    const reason = error instanceof Error ? error.message : String(error);
    await audit.record({ event: 10658, message: `No adapter can connect: ${reason}` });
  }
  replay.start().catch(report);
  await listener.follow(configuration);
  await audit.record({ event: 10651, message: 'Password synchronization started', level: 1 });
  return {
    synchronization,
    adapters,
    listener,
    async follow(current) {
      await adapters.refresh();
      await listener.follow(current);
    },
    async stop() {
      await listener.stop();
      await adapters.stop();
      await replay.stop();
    },
  };
}

function sealNotifications(seal: Seal): NotificationSeal {
  return {
    seal: (secret, place) => seal.seal(secret, notificationContext(place)),
    open: (sealed, place) => seal.open(sealed, notificationContext(place)),
  };
}
