import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { carillonContract } from '#shared/contract/carillon-contract.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Port } from '#shared/rpc/port.ts';
import { createPortPair } from '#shared/rpc/port-pair.ts';
import { serve } from '#shared/rpc/serve.ts';
import { Topics } from '#shared/rpc/topics.ts';
import { CredentialTable } from '#store/credential-table.ts';
import { Database } from '#store/database.ts';
import { KeyTable } from '#store/key-table.ts';
import { SsoCredentialTable } from '#store/sso-credential-table.ts';
import { createSsoDatabase } from '#store/sso-database.ts';

import { ConfigurationFile } from './configuration/configuration-file.ts';
import { ControllerRegistry } from './controller-registry.ts';
import { dataFiles } from './data-files.ts';
import { createHandlers } from './handlers/create-handlers.ts';
import { knownControllers } from './known-controllers.ts';
import { readSections } from './snapshots/read-sections.ts';
import { secretOwners } from './snapshots/secret-owners.ts';
import { type SectionChoice, SnapshotDesk } from './snapshots/snapshot-desk.ts';
import { createStoreServices } from './store-services.ts';
import { describeSystem } from './system-status.ts';

export interface Reader {
  readonly port: Port;
  close(): void;
}

/**
 * Answers the reading half of the contract from a store that no service has open; nothing is written, no key opened.
 * Undefined where there is no store yet.
 */
export function openReader(dataDirectory: string, report: (error: unknown) => void): Reader | undefined {
  const files = dataFiles(dataDirectory);
  if (!existsSync(files.database) || !existsSync(files.configuration)) return undefined;
  const file = ConfigurationFile.open(files.configuration);
  const connection = new DatabaseSync(files.database, { readOnly: true, timeout: 2000 });
  try {
    const store = createStoreServices(new Database(files.database, connection));
    const credentials = new CredentialTable(store.database);
    const controllers = new ControllerRegistry(files.controllers);
    // Without a service nobody asks the directory whom it names.
    const heard = () => knownControllers(controllers.all, [], Date.now());
    const hasCredential = (name: string): boolean => credentials.findCredential(name) !== undefined;
    const masterKeys = new KeyTable(store.database, { lock: 'sso_lock', key: 'sso_key' });
    const sso = createSsoDatabase(store.database, new SsoCredentialTable(store.database));
    const sections = async (options: SectionChoice) => {
      if (options.pcns === true)
        throw new AppError('unavailable', 'The directory is asked by a running service alone', {
          fix: 'Start it: carillon serve',
        });
      return await readSections(sso, options);
    };
    const snapshotDesk = new SnapshotDesk({
      file,
      history: store.history,
      secrets: (options) =>
        secretOwners(
          {
            configuration: () => file.configuration,
            has: hasCredential,
            hasMasterSecret: () => masterKeys.readLock() !== undefined,
            database: sso,
          },
          options,
        ),
      sections,
      checkSections: () => [],
      now: Date.now,
    });
    const topics = new Topics(carillonContract);
    const now = Date.now;
    const [near, far] = createPortPair();
    serve({
      contract: carillonContract,
      handlers: createHandlers({
        file,
        store,
        topics,
        snapshotDesk,
        readSections: sections,
        controllers: heard,
        hasCredential,
        eventsStored: async () => undefined,
        control: undefined,
        status: () =>
          describeSystem({
            mode: 'read-only',
            dataDirectory,
            startedAt: now(),
            now,
            file,
            store,
            controllers: heard,
            channel: () => ({ state: 'off' }),
            remote: () => ({ state: 'off' }),
            metricsUrl: () => undefined,
            hasCredential,
            open: () => [],
          }),
      }),
      topics,
      port: far,
      access: 'browse',
      caller: 'reader',
      report,
    });
    return { port: near, close: () => connection.close() };
  } catch (cause) {
    connection.close();
    throw new AppError('unavailable', `The store in ${dataDirectory} cannot be read`, {
      cause,
      fix: `Start the service: carillon serve --data '${dataDirectory}'`,
    });
  }
}
