import type { JsonObject } from '#exchange/snapshot/json-value.ts';
import type { Joiner } from '#identity/joiner.ts';
import type { KnownController } from '#shared/contract/capture.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { Explanation } from '#shared/contract/people.ts';
import type { SystemStatus } from '#shared/contract/system.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { Topics } from '#shared/rpc/topics.ts';

import { AgentNames } from '../agent-names.ts';
import type { ConfigurationFile } from '../configuration/configuration-file.ts';
import { keysStatusOf } from '../keys-status.ts';
import type { RecentHour } from '../metrics/recent-hour.ts';
import type { SampleDesk } from '../sample/sample-desk.ts';
import type { ConfigurationJournal } from '../snapshots/configuration-journal.ts';
import type { RestoreDesk } from '../snapshots/restore-desk.ts';
import type { SnapshotDesk } from '../snapshots/snapshot-desk.ts';
import type { DatabaseDesk } from '../sso/database-desk.ts';
import type { Domain } from '../sso/domain-directory.ts';
import type { SsoService } from '../sso/open-sso.ts';
import type { SynchronizationService } from '../sso/open-synchronization.ts';
import type { ServerBoard } from '../sso/server-board.ts';
import type { StoreServices } from '../store-services.ts';
import { createAdapterHandlers } from './adapters.ts';
import { type AgentControl, createAgentHandlers } from './agents.ts';
import { createChangeHandlers } from './changes.ts';
import { createConfigurationHandlers } from './configuration.ts';
import { type CredentialControl, createCredentialHandlers } from './credentials.ts';
import { createEntssoHandlers } from './entsso.ts';
import { createEventHandlers } from './events.ts';
import { createKeyHandlers, type KeyControl } from './keys.ts';
import { createMigrationHandlers } from './migration.ts';
import { createPasswordHandlers } from './password.ts';
import { createPeopleHandlers } from './people.ts';
import { createQueueHandlers, type QueueControl } from './queue.ts';
import { createSampleHandlers } from './sample.ts';
import { createSnapshotHandlers } from './snapshots.ts';
import { createSpaceHandlers, type SpaceHandlerParts } from './space.ts';
import { createSsoHandlers } from './sso.ts';
import { createSsoBulkHandlers } from './sso-bulk.ts';
import { createSsoDatabaseHandlers } from './sso-database.ts';
import { createSsoSecretHandlers } from './sso-secret.ts';
import { createSsoServerHandlers } from './sso-servers.ts';

/** What there is only where a service runs. */
export interface ServiceControl {
  readonly sso: SsoService;
  readonly synchronization: SynchronizationService;
  readonly servers: ServerBoard;
  readonly databaseDesk: DatabaseDesk;
  /** Domains that agents are connected to. */
  readonly domains: () => readonly Domain[];
  readonly queue: QueueControl;
  readonly agents: AgentControl;
  readonly credentials: CredentialControl;
  readonly journal: ConfigurationJournal;
  readonly restoreDesk: RestoreDesk;
  readonly keys: KeyControl;
  readonly joiner: Joiner;
  readonly preview: SpaceHandlerParts['preview'];
  readonly recent: RecentHour;
  readonly sample: SampleDesk;
  /** Writes a backup of the store. */
  backUp(): Promise<{ readonly file: string; readonly at: number }>;
  explain(account: string): Explanation;
}

export interface HandlerParts {
  readonly file: ConfigurationFile;
  readonly store: StoreServices;
  readonly topics: Topics<CarillonContract>;
  readonly status: () => Promise<SystemStatus>;
  readonly controllers: () => readonly KnownController[];
  readonly snapshotDesk: SnapshotDesk;
  /** What is kept outside the configuration; undefined where it cannot be read now. */
  readonly readSections: (options: { readonly mappings: boolean }) => Promise<JsonObject | undefined>;
  readonly hasCredential: (name: string) => boolean;
  /** Resolves when every event that was told so far is in the store. */
  readonly eventsStored: () => Promise<void>;
  /** Undefined where a store is read without a service. */
  readonly control: ServiceControl | undefined;
}

/** The answers to the whole contract, from a running service or from its store alone. */
export function createHandlers(parts: HandlerParts): Handlers<CarillonContract> {
  const { file, store, topics, status, controllers, snapshotDesk, readSections, hasCredential } = parts;
  const { eventsStored, control } = parts;
  const names = new AgentNames(file);
  const required = (): ServiceControl => {
    if (control !== undefined) return control;
    throw new AppError('unavailable', 'No service runs here', { fix: 'Start it: carillon serve' });
  };
  return {
    'system.status': status,
    'system.caller': (_, { caller, account, access }) => ({
      caller,
      access,
      ...(account === undefined ? {} : { account }),
    }),
    'system.health': async () => (await status()).findings,
    'system.backup': async () => await required().backUp(),
    'capture.controllers': () => [...controllers()],
    ...createAgentHandlers({
      names,
      queue: store.queue,
      space: store.space,
      runs: store.runs,
      control: control?.agents,
      requireControl: () => required().agents,
    }),
    ...createPasswordHandlers(names, file),
    ...createQueueHandlers(names, store.queue, () => required().queue),
    ...createChangeHandlers(
      names,
      store.changes,
      (id) => store.space.find(id)?.dn,
      () => required().recent,
    ),
    ...createEventHandlers(names, store.events, eventsStored),
    ...createMigrationHandlers({
      file,
      documents: store.documents,
      hasCredential,
      sections: readSections,
      channel: async () => (await status()).channel,
      domains: () => required().domains(),
      sourceOf: (agent, secret) => required().agents.sourceOf(agent, secret),
      restoreDesk: () => required().restoreDesk,
      now: Date.now,
    }),
    ...createSnapshotHandlers({
      file,
      history: store.history,
      desk: snapshotDesk,
      journal: () => required().journal,
      restoreDesk: () => required().restoreDesk,
    }),
    ...createPeopleHandlers({
      names,
      store,
      explain: (account) => required().explain(account),
    }),
    ...createSpaceHandlers({
      names,
      store,
      joiner: () => required().joiner,
      preview: (id, draft) => required().preview(id, draft),
      changed: () => {
        topics.emit('people.changed', {});
        topics.emit('agents.changed', {});
      },
    }),
    ...createConfigurationHandlers(file),
    ...createEntssoHandlers({ file }),
    ...createAdapterHandlers(required),
    ...createSsoHandlers(
      file,
      () => required().sso,
      () => topics.emit('sso.changed', {}),
    ),
    ...createSsoBulkHandlers(() => required().sso.sso),
    ...createSsoServerHandlers(
      () => required().servers,
      () => required().sso.sso,
    ),
    ...createSsoDatabaseHandlers(
      () => required().databaseDesk,
      () => required().sso.sso,
    ),
    ...createSsoSecretHandlers(() => required().sso.desk),
    ...createCredentialHandlers(
      names,
      hasCredential,
      () => required().credentials,
      (agent) => topics.emit('credentials.changed', { agent }),
    ),
    ...createSampleHandlers(() => required().sample),
    ...createKeyHandlers(
      () => keysStatusOf(store.keys),
      () => required().keys,
      () => topics.emit('keys.changed', {}),
    ),
  };
}
