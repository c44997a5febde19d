import { carillonContract } from '#shared/contract/carillon-contract.ts';
import type { SystemStatus } from '#shared/contract/system.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { Access } from '#shared/rpc/access.ts';
import type { Call } from '#shared/rpc/contract.ts';
import type { Port } from '#shared/rpc/port.ts';
import { serve } from '#shared/rpc/serve.ts';
import { Topics } from '#shared/rpc/topics.ts';
import { openDatabase } from '#store/database.ts';
import { storeMigrations } from '#store/migrations.ts';
import { totalDepth } from '#store/queue-view.ts';

import { AgentLinks } from './agent-links.ts';
import { AgentNames } from './agent-names.ts';
import { ConfigurationFile } from './configuration/configuration-file.ts';
import { createControlAddress } from './control/control-address.ts';
import { listenForControl } from './control/control-listener.ts';
import { createConfiguration } from './create-configuration.ts';
import { prepareDataDirectory } from './data-directory.ts';
import { dataFiles } from './data-files.ts';
import { EventLog } from './event-log.ts';
import { explainAccount } from './explain-account.ts';
import { followConfiguration } from './follow-configuration.ts';
import { createHandlers } from './handlers/create-handlers.ts';
import { type LineSink, openErrorSink, openFileSink } from './log/line-sink.ts';
import { Log } from './log/log.ts';
import { Metrics } from './metrics/metrics.ts';
import { MetricsPort } from './metrics/metrics-port.ts';
import { RecentHour } from './metrics/recent-hour.ts';
import { openControllers } from './open-controllers.ts';
import { openEngine } from './open-engine.ts';
import { openIdentity } from './open-identity.ts';
import { openVault } from './open-vault.ts';
import { RemoteListener } from './remote/remote-listener.ts';
import { SampleDesk } from './sample/sample-desk.ts';
import { createServiceControl } from './service-control.ts';
import { openSnapshots } from './snapshots/open-snapshots.ts';
import { createConnectSso } from './sso/connect-sso.ts';
import { openSingleSignOn, type SingleSignOn } from './sso/open-single-sign-on.ts';
import { StoreMaintenance } from './store-maintenance.ts';
import { createStoreServices } from './store-services.ts';
import { systemClock } from './system-clock.ts';
import { describeSystem } from './system-status.ts';
import { version } from './version.ts';
import { watchEngine } from './watch-engine.ts';

export interface HostOptions {
  readonly dataDirectory: string;
  /** `carillon.json` of the data directory where absent; that one is made where it is missing. */
  readonly configurationFile?: string | undefined;
}

/** A running server. */
export interface Host {
  readonly log: Log;
  readonly configuration: ConfigurationFile;
  /** Writes an entry to the event log. */
  note(number: number, message: string): void;
  status(): Promise<SystemStatus>;
  /** Answers the contract to whoever is behind the port. */
  attach(port: Port, access: Access, caller: string, account?: string): void;
  /** Stops in order; what is queued stays queued. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a server: store, keys, deliveries, and whoever may ask. Throws `AppError`: `conflict` where another process
 * has the store open, `invalid_configuration` where the file has a mistake.
 */
export async function startHost({ dataDirectory, configurationFile }: HostOptions): Promise<Host> {
  await using starting = new AsyncDisposableStack();
  const clock = systemClock;
  const now = () => clock.now();
  const startedAt = now();
  const files = dataFiles(dataDirectory);
  prepareDataDirectory(dataDirectory);
  if (configurationFile === undefined) createConfiguration(files.configuration);
  const file = ConfigurationFile.open(configurationFile ?? files.configuration);
  const names = new AgentNames(file);
  const log = new Log(file.configuration.logLevel, openSink(file.configuration));
  starting.defer(() => log.close());

  const database = starting.use(openDatabase(files.database, storeMigrations));
  const store = createStoreServices(database);
  await store.space.prepare(names.all);
  await store.runs.interruptOpen(startedAt);
  const topics = new Topics(carillonContract);
  const metrics = new Metrics({
    names,
    queue: store.queue,
    now,
    isOpen: (agent) => engine.breakerOf(agent) !== 'closed',
    busy: (agent) => engine.working(agent),
  });
  const events = new EventLog({ events: store.events, log, metrics, topics });
  starting.defer(() => events.settled());
  const report = (error: unknown): void => events.reportFailure(error, now());
  const { configuration } = file;
  const vault = await openVault({ configuration, dataDirectory, database, clock, report });
  starting.defer(() => vault.close());
  const maintenance = new StoreMaintenance({
    database,
    changes: store.changes,
    events: store.events,
    clock,
    keepDays: () => file.configuration.passwordSync.keepDays,
    report,
  });
  starting.defer(() => maintenance.stop());

  const recent = new RecentHour({ clock, depth: () => totalDepth(store.queue.depths()) });
  recent.start();
  starting.defer(() => recent.stop());
  const note = (number: number, message: string, agent?: AgentId): void =>
    events.record({ number, at: now(), message, ...(agent === undefined ? {} : { agent }) });
  starting.defer(() => note(7031, 'Carillon stopped'));

  // Agents of single sign-on ask for what opens behind them; none is used before.
  let signOn: SingleSignOn | undefined;
  const links = new AgentLinks({
    names,
    credential: (agent) => vault.credentials.get(agent),
    now,
    connectSso: createConnectSso({
      configuration: () => file.configuration,
      domains: () => signOn?.domains.all ?? [],
      credential: (agent) => links.credential(agent),
      sso: () => signOn?.sso.sso,
      listener: () => signOn?.synchronization.listener.status,
      now,
      record: (event) => events.record(event),
    }),
  });
  starting.defer(() => links.close());
  const { runner, desk, joiner, preview } = openIdentity({ names, links, store, topics, now, report });
  starting.defer(() => runner.stop());
  const engine = openEngine({
    file,
    store,
    seal: vault.seal,
    links,
    runner,
    record: (event) => events.record(event),
    observe: watchEngine(metrics, topics, recent),
  });
  starting.use(engine);
  const controllers = openControllers({
    dataDirectory,
    clock,
    names,
    credential: links.credential,
    engine,
    events,
    topics,
    report,
  });
  starting.defer(() => controllers.stop());
  const { channel, census } = controllers;
  const metricsPort = new MetricsPort(metrics, log);
  starting.defer(() => metricsPort.move(undefined));

  let tellAdministered = (_by: string): unknown => undefined;
  const singleSignOn = await openSingleSignOn({
    file,
    dataDirectory,
    database,
    vault,
    names,
    links,
    topics,
    record: (event) => events.record(event),
    report,
    administered: (by) => tellAdministered(by),
  });
  signOn = singleSignOn;
  starting.defer(() => singleSignOn.close());
  const { domains, directory, sso, synchronization, servers } = singleSignOn;

  const hasCredential = (name: string): boolean => vault.credentials.has(name);
  const snapshots = openSnapshots({
    file,
    history: store.history,
    hasCredential,
    sso,
    adaptersChanged: singleSignOn.refreshAdapters,
    domains,
    clock,
    topics,
    report,
  });
  const { journal } = snapshots;
  tellAdministered = (by) => journal.sectionsChanged(by).catch(report);
  starting.defer(() => snapshots.stop());
  const handlerParts = {
    file,
    store,
    topics,
    snapshotDesk: snapshots.desk,
    readSections: snapshots.readSections,
    hasCredential,
    eventsStored: () => events.settled(),
    controllers: controllers.known,
  };
  const status = (): Promise<SystemStatus> =>
    describeSystem({
      ...handlerParts,
      mode: 'service',
      dataDirectory,
      startedAt,
      now,
      channel: () => channel.status,
      remote: () => remote.status,
      metricsUrl: () => metricsPort.url,
      open: () => names.all.map(({ id }) => id).filter((id) => engine.breakerOf(id) !== 'closed'),
    });
  await singleSignOn.joinSystem();
  starting.defer(() => singleSignOn.leaveSystem());
  const control = createServiceControl({
    sso,
    synchronization,
    servers,
    databaseDesk: singleSignOn.databaseDesk,
    domains: () => domains.all,
    names,
    file,
    links,
    vault,
    runner,
    desk,
    joiner,
    preview,
    recent,
    journal,
    restoreDesk: snapshots.restoreDesk,
    maintenance,
    queue: engine,
    sample: new SampleDesk({
      file,
      dataDirectory,
      run: (agent, profile, wait) => desk.run(runner, agent, profile, { wait }),
      receive: (change, password) => engine.receive(change, password),
      now,
    }),
    breakerOf: (agent) => engine.breakerOf(agent),
    explain: (account) => explainAccount(account, { engine, names, space: store.space }),
    audit: note,
  });
  const handlers = createHandlers({ ...handlerParts, status, control });
  const answer = (port: Port, from: Pick<Call, 'access' | 'caller' | 'account' | 'isRemote'>): void =>
    serve({
      contract: carillonContract,
      handlers,
      topics,
      port,
      ...from,
      report: (error, method) => log.error('A call failed', { method, error }),
    });
  const attach = (port: Port, access: Access, caller: string, account?: string): void =>
    answer(port, { access, caller, account });
  const remote = new RemoteListener({
    dataDirectory,
    clock,
    domains: () => domains.all,
    directory,
    sso: sso.sso,
    accept: answer,
    record: (event) => events.record(event),
    report,
    changed: () => topics.emit('system.changed', {}),
  });
  starting.defer(() => remote.stop());

  followConfiguration({
    file,
    topics,
    note,
    apply(current, before) {
      log.level = current.logLevel;
      if (JSON.stringify(current.logFile) !== JSON.stringify(before.logFile)) log.redirect(openSink(current));
      census.lookSoon();
    },
    follow: [
      (current) => store.space.prepare(current.agents),
      () => engine.settingsChanged(),
      (current) =>
        Promise.all([
          channel.follow(current),
          synchronization.follow(current),
          remote.follow(current),
          metricsPort.move(current.metricsPort),
        ]),
    ],
    report,
  });

  await engine.start();
  await snapshots.start();
  maintenance.start();
  census.start();
  await metricsPort.move(configuration.metricsPort);
  await channel.follow(configuration);
  await remote.follow(configuration);
  const listener = await listenForControl(createControlAddress(dataDirectory), (port) =>
    attach(port, 'administer', 'control socket'),
  );
  starting.defer(() => listener.close());
  note(7030, `Carillon ${version} started in ${dataDirectory}`);
  const running = starting.move();
  return { log, configuration: file, note, status, attach, stop: () => running.disposeAsync() };
}

function openSink({ logFile }: Configuration): LineSink {
  return logFile === undefined ? openErrorSink() : openFileSink(logFile);
}
