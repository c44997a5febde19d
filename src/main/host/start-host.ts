import { carillonContract } from '#shared/contract/carillon-contract.ts';
import type { SystemStatus } from '#shared/contract/system.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { Access } from '#shared/rpc/access.ts';
import type { Port } from '#shared/rpc/port.ts';
import { serve } from '#shared/rpc/serve.ts';
import { Topics } from '#shared/rpc/topics.ts';
import { openDatabase } from '#store/database.ts';
import { storeMigrations } from '#store/migrations.ts';

import { AgentNames } from './agent-names.ts';
import { ConfigurationFile } from './configuration/configuration-file.ts';
import { createControlAddress } from './control/control-address.ts';
import { listenForControl } from './control/control-listener.ts';
import { ControllerRegistry } from './controller-registry.ts';
import { createConfiguration } from './create-configuration.ts';
import { prepareDataDirectory } from './data-directory.ts';
import { dataFiles } from './data-files.ts';
import { createHandlers } from './handlers/create-handlers.ts';
import { openErrorSink, openFileSink } from './log/line-sink.ts';
import { Log } from './log/log.ts';
import { Metrics } from './metrics/metrics.ts';
import { MetricsPort } from './metrics/metrics-port.ts';
import { openVault } from './open-vault.ts';
import { createStoreServices } from './store-services.ts';
import { systemClock } from './system-clock.ts';
import { describeSystem } from './system-status.ts';

export interface HostOptions {
  readonly dataDirectory: string;
  /** `carillon.json` of the data directory where absent; that one is made where it is missing. */
  readonly configurationFile?: string | undefined;
}

/** A running server. */
export interface Host {
  readonly log: Log;
  readonly configuration: ConfigurationFile;
  status(): Promise<SystemStatus>;
  /** Answers the contract to whoever is behind the port. */
  attach(port: Port, access: Access, caller: string): void;
  /** Stops in order; what is queued stays queued. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a server: store, keys, deliveries, and whoever may ask. Throws `AppError`: `conflict` where another process
 * has the store open, `invalid_configuration` where the file has a mistake.
 */
export async function startHost({ dataDirectory, configurationFile }: HostOptions): Promise<Host> {
  await using starting = new AsyncDisposableStack();
  const startedAt = systemClock.now();
  const files = dataFiles(dataDirectory);
  prepareDataDirectory(dataDirectory);
  if (configurationFile === undefined) createConfiguration(files.configuration);
  const file = ConfigurationFile.open(configurationFile ?? files.configuration);
  const log = openLog(file.configuration);
  starting.defer(() => log.close());
  const report = (error: unknown): void => log.error('An internal failure', { error });

  const database = starting.use(openDatabase(files.database, storeMigrations));
  const store = createStoreServices(database);
  await store.space.prepare(file.configuration.agents);
  await store.runs.interruptOpen(startedAt);
  const vault = await openVault({
    configuration: file.configuration,
    dataDirectory,
    database,
    clock: systemClock,
    report,
  });
  starting.defer(() => vault.close());
  const controllers = new ControllerRegistry(files.controllers);
  starting.defer(() => controllers.save(systemClock.now()));

  const names = new AgentNames(file);
  const topics = new Topics(carillonContract);
  const metrics = new Metrics({
    names,
    queue: store.queue,
    now: systemClock.now,
    isOpen: () => false,
    busy: () => 0,
  });
  const metricsPort = new MetricsPort(metrics, log);
  await metricsPort.move(file.configuration.metricsPort);
  starting.defer(() => metricsPort.move(undefined));

  const hasCredential = (name: string): boolean => vault.credentials.has(name);
  const status = (): Promise<SystemStatus> =>
    describeSystem({
      mode: 'service',
      dataDirectory,
      startedAt,
      now: systemClock.now,
      file,
      store,
      controllers: () => controllers.all,
      channel: () => ({ state: 'off' }),
      metricsUrl: () => metricsPort.url,
      hasCredential,
      open: () => [],
    });
  const handlers = createHandlers({
    file,
    store,
    topics,
    status,
    controllers: () => controllers.all,
    findEvent: () => undefined,
    hasCredential,
    control: undefined,
  });
  const attach = (port: Port, access: Access, caller: string): void =>
    serve({
      contract: carillonContract,
      handlers,
      topics,
      port,
      access,
      caller,
      report: (error, method) => log.error('A call failed', { method, error }),
    });
  const control = await listenForControl(createControlAddress(dataDirectory), (port) =>
    attach(port, 'administer', 'control socket'),
  );
  starting.defer(() => control.close());

  file.onChange(({ logLevel, metricsPort: port }) => {
    log.level = logLevel;
    void metricsPort.move(port);
    topics.emit('configuration.changed', { revision: file.running.revision });
  });
  const running = starting.move();
  return { log, configuration: file, status, attach, stop: () => running.disposeAsync() };
}

function openLog({ logLevel, logFile }: Configuration): Log {
  return new Log(logLevel, logFile === undefined ? openErrorSink() : openFileSink(logFile));
}
