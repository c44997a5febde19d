import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';

import type { Clock } from '#engine/clock.ts';
import { EventStore } from '#store/event-store.ts';
import { KeyMaintenance } from '#vault/key-maintenance.ts';

import { Admission } from './admission.ts';
import type { CaptureConfiguration } from './capture-configuration.ts';
import { type CaptureQuestion, openCaptureControl } from './capture-control.ts';
import { CaptureQueue } from './capture-queue.ts';
import { CaptureService } from './capture-service.ts';
import { openCaptureStore } from './capture-store.ts';
import { CommitWatch } from './commit-watch.ts';
import { ControllerFeed } from './controller-feed.ts';
import { ControllerLinks } from './controller-links.ts';
import { ControllerReader } from './controller-reader.ts';
import { DeliveryLane } from './delivery-lane.ts';
import { DirectoryPcnsStore } from './directory-pcns-store.ts';
import { CaptureLog } from './event-log.ts';
import { FilePcnsStore } from './file-pcns-store.ts';
import { HeldSecrets } from './held-secrets.ts';
import { findHookProblem, HookCheck } from './hook-check.ts';
import { openHookServer } from './hook-server.ts';
import { findLdapiSocket } from './ldapi-socket.ts';
import type { NotificationChannel } from './notification-sender.ts';
import { openKerberosChannel } from './open-kerberos-channel.ts';
import { PasswordLedger } from './password-ledger.ts';
import { Reconciliation } from './reconciliation.ts';
import { Rounds } from './rounds.ts';
import { TargetBoard, type TargetStatus } from './target-board.ts';

const second = 1000;

export interface CaptureHostOptions {
  readonly clock: Clock;
  readonly productVersion: string;
  /** The way to the targets; the Kerberos channel where absent. */
  readonly channel?: NotificationChannel;
  /** Writes one line, JSON, to the journal. */
  readonly writeLine: (line: string) => void;
}

export interface CaptureStatus {
  readonly startedAt: number;
  /** DNS name of this domain controller; undefined until it answered. */
  readonly server: string | undefined;
  readonly domain: string | undefined;
  readonly directoryConnected: boolean;
  /** Changes whose commit the directory has not shown yet. */
  readonly held: number;
  /** Changes captured since the start, and the time of the last, milliseconds since 1970 UTC. */
  readonly captured: number;
  readonly lastCapturedAt: number | undefined;
  readonly targets: readonly TargetStatus[];
}

export interface RunningCapture {
  status(): CaptureStatus;
  stop(): Promise<void>;
}

/**
 * Starts capture on a domain controller: hook, queue, delivery and reconciliation. It takes changes at once and
 * waits for a directory that is not up yet. Throws `AppError` where it cannot work at all.
 */
export async function startCapture(
  configuration: CaptureConfiguration,
  { clock, writeLine, ...options }: CaptureHostOptions,
): Promise<RunningCapture> {
  const now = () => clock.now();
  const report = (problem: string) =>
    writeLine(JSON.stringify({ at: new Date(now()).toISOString(), severity: 'warning', message: problem }));
  await using starting = new AsyncDisposableStack();
  const store = await openCaptureStore(configuration, now);
  starting.defer(() => store.close());
  const { database, seal, ring } = store;
  const events = new EventStore(database);
  const logged = new CaptureLog({ database, now, writeLine });
  const log = logged.write;
  const links = new ControllerLinks(findLdapiSocket(configuration));
  starting.defer(() => links.close());
  const reader = new ControllerReader(links);
  const channel = options.channel ?? openKerberosChannel(configuration, { links, reader, clock, ...options });
  const ledger = new PasswordLedger(database);
  const queue = new CaptureQueue(database, logged);
  const counted = { captured: 0, lastCapturedAt: undefined as number | undefined };

  const board = new TargetBoard({
    store:
      configuration.pcns.kind === 'file'
        ? new FilePcnsStore(configuration.pcns.path)
        : new DirectoryPcnsStore(links, () => reader.identify()),
    reader,
    database,
    queue,
    openLane: (target, deliveries) =>
      new DeliveryLane(target, {
        queue: deliveries,
        seal,
        channel,
        clock,
        service: () => board.configuration.service,
        log,
        domain: reader.identity?.domain ?? '',
        sourceServer: reader.identity?.server ?? '',
        lastCaptured: () => counted.lastCapturedAt,
      }),
    now,
    log: logged,
  });
  const admission = new Admission({
    clock,
    reader,
    queue,
    configuration: () => board.configuration,
    isReady: () => board.isLoaded,
    wake: (guids) => board.wake(guids),
    alarm: (guid, sids) => board.alarm(guid, sids),
  });
  const watch = new CommitWatch({
    reader,
    clock,
    holdTime: configuration.holdTime * second,
    settle: (...given) => admission.settle(...given),
    report,
  });
  const service = new CaptureService({ queue, seal, watch, clock, whenAway: configuration.hook.whenAway });
  const reconciliation = new Reconciliation({
    feed: new ControllerFeed(links, reader),
    reader,
    ledger,
    watch,
    log,
    identify: () => reader.identify(),
  });
  const hookCheck = new HookCheck(log);
  const keys = new KeyMaintenance({
    ring,
    seal,
    tables: [new HeldSecrets(database)],
    clock,
    report: (error) => report(`The keys could not be tended: ${String(error)}`),
  });
  const rounds = new Rounds({
    clock,
    report,
    rounds: [
      {
        name: 'The configuration',
        interval: configuration.refreshInterval * second,
        run: async () => {
          await reader.refreshIdentity();
          await board.refresh();
          await board.checkGroups();
          hookCheck.note(await findHookProblem(configuration, reader));
        },
      },
      {
        name: 'Reconciliation',
        interval: configuration.reconcileInterval * second,
        run: () => reconciliation.check(),
      },
      {
        name: 'The queue',
        interval: configuration.reconcileInterval * second,
        run: async () => {
          await board.checkGroups();
          await board.sweep();
        },
      },
    ],
  });

  const status = (): CaptureStatus => ({
    startedAt,
    server: reader.identity?.server,
    domain: reader.identity?.domain,
    directoryConnected: links.connected,
    held: watch.size,
    ...counted,
    targets: board.status,
  });
  const answer = (question: CaptureQuestion) =>
    question.ask === 'status' ? status() : events.list({ limit: question.limit, number: question.number });

  const startedAt = now();
  store.announce(log);
  starting.defer(() => keys.stop());
  starting.defer(() => board.stop());
  starting.defer(() => watch.stop());
  for (const row of queue.held()) watch.add(row);
  const hook = await openHookServer({
    path: configuration.hook.socket,
    receive: async (message, isWaiting) => {
      await service.receive(message, isWaiting);
      counted.captured += 1;
      counted.lastCapturedAt = now();
    },
    report,
    refuse: (problem) =>
      log({ number: 6002, message: `A caller at the hook's socket was turned away: ${problem}` }),
  });
  starting.defer(() => void hook.close());
  const control = await openCaptureControl(controlSocketOf(configuration), answer);
  starting.defer(() => void control.close());
  starting.defer(() => rounds.stop());
  keys.start();
  await rounds.start();
  notifySystemd();
  log({ number: 2001, message: 'The password capture service started' });
  starting.defer(() => log({ number: 2002, message: 'The password capture service stopped' }));
  const running = starting.move();
  return { status, stop: () => running.disposeAsync() };
}

/** Where the running service answers questions: beside the hook's socket, where only root comes. */
export function controlSocketOf({ hook }: CaptureConfiguration): string {
  return join(dirname(hook.socket), 'capture.sock');
}

/** Node has no datagram socket of this kind; systemd's own program has. */
function notifySystemd(): void {
  if (process.env['NOTIFY_SOCKET'] !== undefined) execFile('systemd-notify', ['--ready'], () => undefined);
}
