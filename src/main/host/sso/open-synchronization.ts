import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { ReplayFiles } from '#adapters/replay/replay-files.ts';
import { AdapterServer } from '#adapters/server/adapter-server.ts';
import type { Clock } from '#engine/clock.ts';
import type { EngineEvent } from '#engine/event-sink.ts';
import type { Seal } from '#engine/seal.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import { messageOf } from '#shared/model/message-of.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { applyPasswordFilter } from '#shared/text/password-filter.ts';
import { createSynchronization, type Synchronization } from '#sso/synchronization/create-synchronization.ts';
import { notificationContext } from '#sso/synchronization/notification-context.ts';
import type { NotificationSeal, WindowsPasswords } from '#sso/synchronization/ports.ts';
import type { MasterSecret } from '#vault/master-secret.ts';

import type { Domain } from './domain-directory.ts';
import type { SsoService } from './open-sso.ts';
import { createSecretGiver } from './shared/secret-giver.ts';
import { WindowsListener } from './windows-listener.ts';

/** How often an adapter is asked whether it is alive, seconds. */
const keepAliveSeconds = 60;

export interface OpenSynchronizationParts {
  readonly dataDirectory: string;
  readonly configuration: Configuration;
  readonly sso: SsoService;
  /** Service accounts of the servers that the system has. */
  readonly serverAccounts: () => readonly string[];
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
  /** Goes on with what waited for the credential database. */
  databaseBack(): Promise<void>;
  /** Follows definitions and settings that changed. */
  follow(configuration: Configuration): Promise<void>;
  stop(): Promise<void>;
}

export async function openSynchronization(parts: OpenSynchronizationParts): Promise<SynchronizationService> {
  const { dataDirectory, configuration, sso, clock, windows, domains, credential } = parts;
  const { record, changed, report } = parts;
  const { backend } = sso;
  const ownSeal = sealNotifications(parts.seal);
  await sso.ports.audit.record({
    event: 10650,
    message: 'Password synchronization is starting',
    level: 1,
  });
  const synchronization = await createSynchronization({
    ...sso.ports,
    clock,
    credentials: sso.sso.credentials,
    queue: backend.queue,
    // What another server may have to open is sealed under the master secret, the rest by this server's own vault.
    notificationSeal: backend.shared === undefined ? ownSeal : sealUnderSecret(sso.secret),
    damping: backend.damping,
    windows,
    filter: applyPasswordFilter,
    newTrackingId: randomUUID,
    report,
  }).catch(async (error: unknown) => {
    const reason = messageOf(error);
    await sso.ports.audit.record({
      event: 10652,
      message: `Password synchronization does not run: ${reason}`,
    });
    throw error;
  });
  const { audit } = synchronization.ports;
  const replay = new ReplayFiles(
    configuration.singleSignOn.replayDirectory ?? join(dataDirectory, 'replay'),
    synchronization,
    ownSeal,
  );
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
    giveSecret: createSecretGiver({
      secret: sso.secret,
      access: sso.sso.access,
      audit: sso.audit,
      keepsSecret: sso.courier === undefined,
      accounts: parts.serverAccounts,
    }),
    serverAccounts: parts.serverAccounts,
    record,
    report,
  });
  try {
    await audit.record({ event: 10656, message: 'Adapters are about to be let in', level: 1 });
    await adapters.start();
    await audit.record({ event: 10657, message: `Adapters connect to ${adapters.path}`, level: 1 });
  } catch (error) {
    // The rest of the service has to come up all the same.
    report(error);
    const reason = messageOf(error);
    await audit.record({ event: 10658, message: `No adapter can connect: ${reason}` });
  }
  replay.start().catch(report);
  await listener.follow(configuration);
  await audit.record({ event: 10651, message: 'Password synchronization started', level: 1 });
  return {
    synchronization,
    adapters,
    listener,
    async databaseBack() {
      await adapters.refresh();
      synchronization.desk.announce();
      await replay.replay();
    },
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

function sealUnderSecret(secret: MasterSecret): NotificationSeal {
  return {
    seal: (password, place) => secret.sealUnder(password, notificationContext(place)),
    open: (sealed, place) => secret.openUnder(sealed, notificationContext(place)),
  };
}
