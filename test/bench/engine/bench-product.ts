import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Engine } from '#engine/engine.ts';
import type { PasswordTarget } from '#engine/password-target.ts';
import type { Receipt } from '#engine/receipt.ts';
import { AgentLinks } from '#host/agent-links.ts';
import { AgentNames } from '#host/agent-names.ts';
import { ConfigurationFile } from '#host/configuration/configuration-file.ts';
import { EventLog } from '#host/event-log.ts';
import { keepMemorySmall } from '#host/keep-memory-small.ts';
import { openFileSink } from '#host/log/line-sink.ts';
import { Log } from '#host/log/log.ts';
import { Metrics } from '#host/metrics/metrics.ts';
import { RecentHour } from '#host/metrics/recent-hour.ts';
import { createStoreServices, type StoreServices } from '#host/store-services.ts';
import { systemClock } from '#host/system-clock.ts';
import { watchEngine } from '#host/watch-engine.ts';
import { carillonContract } from '#shared/contract/carillon-contract.ts';
import type { AgentId, CapturedChange, TrackingId } from '#shared/model/change.ts';
import { Topics } from '#shared/rpc/topics.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';
import { openDatabase } from '#store/database.ts';
import { KeyTable } from '#store/key-table.ts';
import { storeMigrations } from '#store/migrations.ts';
import { QueueStore } from '#store/queue-store.ts';
import { totalDepth } from '#store/queue-view.ts';
import { MemoryKeyKeeper } from '#test/memory-key-keeper.ts';
import { KeyRing } from '#vault/key-ring.ts';
import { SealedBox } from '#vault/sealed-box.ts';

import {
  type BenchServer,
  configurationText,
  source,
  sourceDn,
  type TargetSettings,
} from './bench-configuration.ts';
import { guidOf } from './bench-people.ts';

/** Changes on their way to disk at the same time: the window of one domain controller's channel. */
const inFlight = 64;

/** One target of a bench: where it is, and what stands in for it where no directory is wanted. */
export interface BenchTarget {
  readonly server: BenchServer;
  readonly standIn?: PasswordTarget;
}

export interface BenchOptions extends TargetSettings {
  readonly directory: string;
  readonly targets: readonly BenchTarget[];
  readonly people: number;
  /** Name and anchor of a person in the target with this index. */
  readonly locate: (person: number, target: number) => { readonly dn: string; readonly anchor: string };
}

/** The engine as the service has it, store, vault, agents, logs and metrics included, with people joined everywhere. */
export class BenchProduct implements AsyncDisposable {
  readonly engine: Engine;
  readonly store: StoreServices;
  readonly #targets: readonly AgentId[];
  readonly #file: ConfigurationFile;
  readonly #settled = new Map<AgentId, number>();
  readonly #outcomes = new Map<string, number>();
  readonly #waiting = new Set<{ readonly isDone: () => boolean; readonly resolve: () => void }>();
  readonly #closing: AsyncDisposableStack;
  #version = 0;

  static async open(options: BenchOptions): Promise<BenchProduct> {
    keepMemorySmall();
    await using closing = new AsyncDisposableStack();
    const { directory, targets } = options;
    const ids = targets.map(() => randomUUID() as AgentId);
    const path = join(directory, 'carillon.json');
    const located = targets.map(({ server }, index) => ({ id: ids[index] ?? source, server }));
    writeFileSync(path, configurationText(located, options), { mode: 0o600 });
    const database = closing.use(openDatabase(join(directory, 'carillon.db'), storeMigrations));
    const ring = await KeyRing.open({
      store: new KeyTable(database),
      keeper: new MemoryKeyKeeper(),
      now: () => Date.now(),
    });
    closing.defer(() => ring.close());
    const product = new BenchProduct(
      options,
      ids,
      ConfigurationFile.open(path),
      database,
      ring,
      closing.move(),
    );
    await product.#join(options);
    await product.engine.start();
    return product;
  }

  private constructor(
    { directory, targets }: BenchOptions,
    ids: readonly AgentId[],
    file: ConfigurationFile,
    database: ReturnType<typeof openDatabase>,
    ring: KeyRing,
    closing: AsyncDisposableStack,
  ) {
    this.#targets = ids;
    this.#file = file;
    this.#closing = closing;
    this.store = createStoreServices(database);
    const seal = new SealedBox(ring);
    closing.defer(() => seal.close());
    const names = new AgentNames(file);
    const credential = (agent: string): SecretBytes => {
      const server = targets[ids.indexOf(agent as AgentId)]?.server;
      return bytes(server?.servicePassword ?? '');
    };
    const links = new AgentLinks({ names, credential, now: () => systemClock.now() });
    closing.defer(() => links.close());
    const { queue, events, joins } = this.store;
    const clock = systemClock;
    const metrics = new Metrics({
      names,
      queue,
      now: () => clock.now(),
      isOpen: () => false,
      busy: (agent) => this.engine.working(agent),
    });
    const topics = new Topics(carillonContract);
    const log = new Log(1, openFileSink({ path: join(directory, 'carillon.log'), maxSize: 1e9, keep: 1 }));
    closing.defer(() => log.close());
    const eventLog = new EventLog({ events, log, metrics, topics });
    closing.defer(() => eventLog.settled());
    const recent = new RecentHour({ clock, depth: () => totalDepth(queue.depths()) });
    recent.start();
    closing.defer(() => recent.stop());
    const watch = watchEngine(metrics, topics, recent);
    this.engine = closing.use(
      new Engine({
        clock,
        queue: new QueueStore(database, {
          historySize: () => file.configuration.passwordSync.historySize,
          events: { superseded: 7006, expired: 7005, cancelled: 7007 },
        }),
        joins,
        seal,
        targets: (agent) => targets[ids.indexOf(agent as AgentId)]?.standIn ?? links.targetOf(agent),
        settings: () => file.configuration,
        events: (event) => eventLog.record(event),
        observe: (seen) => {
          watch(seen);
          if (seen.kind === 'settled') this.#count(seen.delivery.target, seen.outcome);
        },
      }),
    );
  }

  /** Deliveries settled so far on the target with this index. */
  settledOn(index: number): number {
    return this.#settled.get(this.#targets[index] ?? source) ?? 0;
  }

  /** Recorded outcomes by word: a bench whose deliveries are not delivered measures nothing. */
  get outcomes(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#outcomes);
  }

  /** Resolves when this many deliveries were ever settled on a target. */
  async settledUpTo(goal: number, index: number): Promise<void> {
    const missing = goal - this.settledOn(index);
    if (missing > 0) await this.settle(missing, [index], () => undefined);
  }

  /** Hands the next change of one person to the engine. */
  receive(person: number, password: string): Promise<Receipt> {
    return this.engine.receive(this.newChange(person), bytes(password));
  }

  newChange(person: number): CapturedChange {
    this.#version += 1;
    const now = Date.now();
    return {
      trackingId: randomUUID() as TrackingId,
      domain: 'FABRIKAM',
      account: `user${person}`,
      objectGuid: guidOf(person),
      sourceServer: 'dc1.fabrikam.lab',
      capturedAt: now,
      committedAt: now,
      queuedAt: now,
      sentAt: now,
      version: this.#version,
    };
  }

  /** One change of each of these people, as one domain controller sends them. Resolves when all are on disk. */
  async receiveAll(people: Iterable<number>, passwordOf: (person: number) => string): Promise<void> {
    const next = people[Symbol.iterator]();
    const send = async (): Promise<void> => {
      for (let step = next.next(); step.done !== true; step = next.next())
        await this.receive(step.value, passwordOf(step.value));
    };
    await Promise.all(Array.from({ length: inFlight }, send));
  }

  /** Resolves when this many more deliveries are settled on each of the targets. */
  async settle(count: number, indexes: readonly number[], work: () => unknown): Promise<void> {
    const goals = indexes.map((index) => ({ index, goal: this.settledOn(index) + count }));
    const isDone = (): boolean => goals.every(({ index, goal }) => this.settledOn(index) >= goal);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add({ isDone, resolve });
    await work();
    await promise;
  }

  /** Collects deliveries without sending, or sends what was collected. */
  hold(isHeld: boolean): void {
    for (const [index, { kind }] of this.#file.configuration.agents.entries())
      if (kind === 'ldap') this.#file.edit(['agents', index, 'password', 'hold'], isHeld);
    this.engine.settingsChanged();
  }

  close(): Promise<void> {
    return this.#closing.disposeAsync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #count(target: AgentId, outcome: string): void {
    this.#settled.set(target, (this.#settled.get(target) ?? 0) + 1);
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    for (const waiter of this.#waiting) {
      if (!waiter.isDone()) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
  }

  async #join({ people, locate }: BenchOptions): Promise<void> {
    const { database, space, people: persons } = this.store;
    const { agents } = this.#file.configuration;
    await space.prepare(agents);
    for (let start = 0; start < people; start += 1000)
      await database.commit(() => {
        for (let index = start; index < Math.min(people, start + 1000); index += 1) {
          const person = persons.add({ guid: guidOf(index), objectType: 'person', attributes: {} });
          for (const { id: agent, partitions } of agents) {
            const isSource = agent === source;
            const { dn, anchor } = isSource
              ? { dn: `CN=user${index},OU=People,${sourceDn}`, anchor: guidOf(index) }
              : locate(index, this.#targets.indexOf(agent));
            const partition = partitions[0]?.dn ?? '';
            const object = { agent, partition, dn, anchor, objectType: 'person', attributes: {} };
            const [id] = space.addAll([{ ...object, foldedDn: foldDn(dn) ?? dn }]);
            space.setLink(id ?? 0, { state: 'connector', person, link: isSource ? 'projection' : 'join' });
          }
        }
      });
  }
}

function bytes(text: string): SecretBytes {
  return SecretBytes.take(new TextEncoder().encode(text));
}
