import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { createPasswordTarget } from '#agents/password-target-of.ts';
import { Engine } from '#engine/engine.ts';
import type { PasswordTarget } from '#engine/password-target.ts';
import { createStoreServices } from '#host/store-services.ts';
import { systemClock } from '#host/system-clock.ts';
import type { OpenLdap } from '#lab/openldap-server.ts';
import type { AgentId, TrackingId } from '#shared/model/change.ts';
import { type Configuration, configurationSchema } from '#shared/model/configuration.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';
import { openDatabase } from '#store/database.ts';
import { KeyTable } from '#store/key-table.ts';
import { storeMigrations } from '#store/migrations.ts';
import { QueueStore } from '#store/queue-store.ts';
import { MemoryKeyKeeper } from '#test/memory-key-keeper.ts';
import { KeyRing } from '#vault/key-ring.ts';
import { SealedBox } from '#vault/sealed-box.ts';

const source = randomUUID() as AgentId;
const sourceDn = 'DC=fabrikam,DC=lab';

/** One target of a bench: where it is, and what stands in for it where no directory is wanted. */
export interface BenchTarget {
  readonly server: Pick<OpenLdap, 'suffix' | 'ldapsUrl' | 'caFile' | 'serviceDn' | 'servicePassword'>;
  readonly standIn?: PasswordTarget;
}

export interface BenchOptions {
  readonly directory: string;
  readonly targets: readonly BenchTarget[];
  readonly concurrency: number;
  readonly verify?: boolean;
  readonly people: number;
  /** Name and anchor of a person in every target. */
  readonly locate: (person: number) => { readonly dn: string; readonly anchor: string };
}

/** The engine over its real store, vault and agents, with people joined in all targets. */
export class BenchProduct {
  readonly engine: Engine;
  readonly store: ReturnType<typeof createStoreServices>;
  readonly #settled = new Map<AgentId, number>();
  readonly #outcomes = new Map<string, number>();
  readonly #close: () => Promise<void>;
  readonly #waiting = new Set<{ readonly isDone: () => boolean; readonly resolve: () => void }>();
  #configuration: Configuration;
  readonly #targets: readonly AgentId[];
  #version = 0;

  static async open(options: BenchOptions): Promise<BenchProduct> {
    const database = openDatabase(join(options.directory, 'carillon.db'), storeMigrations);
    const ring = await KeyRing.open({
      store: new KeyTable(database),
      keeper: new MemoryKeyKeeper(),
      now: () => Date.now(),
    });
    const product = new BenchProduct(options, database, ring);
    await product.#join(options);
    await product.engine.start();
    return product;
  }

  private constructor(options: BenchOptions, database: ReturnType<typeof openDatabase>, ring: KeyRing) {
    const ids = options.targets.map(() => randomUUID() as AgentId);
    this.#targets = ids;
    this.#configuration = configure(options, ids);
    this.store = createStoreServices(database);
    const seal = new SealedBox(ring);
    const opened = options.targets.map(({ server, standIn }, index) => {
      const agent = this.#configuration.agents[index + 1];
      if (standIn !== undefined || agent === undefined) return { target: standIn, close: undefined };
      const target = createPasswordTarget(agent, async () => bytes(server.servicePassword));
      return { target, close: () => target.close() };
    });
    this.engine = new Engine({
      clock: systemClock,
      queue: new QueueStore(database, {
        historySize: () => this.#configuration.passwordSync.historySize,
        events: { superseded: 7006, expired: 7005, cancelled: 7007 },
      }),
      joins: this.store.joins,
      seal,
      targets: (agent) => opened[ids.indexOf(agent as AgentId)]?.target,
      settings: () => this.#configuration,
      events: () => undefined,
      observe: (seen) => {
        if (seen.kind === 'settled') this.#count(seen.delivery.target, seen.outcome);
      },
    });
    this.#close = async () => {
      await this.engine.stop();
      await Promise.all(opened.map(({ close }) => close?.()));
      seal.close();
      ring.close();
      await database.close();
    };
  }

  /** Deliveries settled so far on the target with this index. */
  settledOn(index: number): number {
    return this.#settled.get(this.#targets[index] ?? ('' as AgentId)) ?? 0;
  }

  /** Recorded outcomes by word: a bench whose deliveries are not delivered measures nothing. */
  get outcomes(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#outcomes);
  }

  receive(person: number, password: string): Promise<unknown> {
    this.#version += 1;
    const now = Date.now();
    const change = {
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
    return this.engine.receive(change, bytes(password));
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
    const next = structuredClone(this.#configuration);
    for (const agent of next.agents) agent.password.hold = isHeld;
    this.#configuration = next;
    this.engine.settingsChanged();
  }

  close(): Promise<void> {
    return this.#close();
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
    await space.prepare(this.#configuration.agents);
    for (let start = 0; start < people; start += 1000)
      await database.commit(() => {
        for (let index = start; index < Math.min(people, start + 1000); index += 1) {
          const person = persons.add({ guid: guidOf(index), objectType: 'person', attributes: {} });
          for (const { id: agent, partitions } of this.#configuration.agents) {
            const isSource = agent === source;
            const { dn, anchor } = isSource
              ? { dn: `CN=user${index},OU=People,${sourceDn}`, anchor: guidOf(index) }
              : locate(index);
            const partition = partitions[0]?.dn ?? '';
            const object = { agent, partition, dn, anchor, objectType: 'person', attributes: {} };
            const id = space.add({ ...object, foldedDn: foldDn(dn) ?? dn });
            space.setLink(id, { state: 'connector', person, link: isSource ? 'projection' : 'join' });
          }
        }
      });
  }
}

function guidOf(person: number): string {
  return `30000000-0000-4000-8000-${String(person).padStart(12, '0')}`;
}

function bytes(text: string): SecretBytes {
  return SecretBytes.take(new TextEncoder().encode(text));
}

function configure(
  { targets, concurrency, verify = false }: BenchOptions,
  ids: readonly AgentId[],
): Configuration {
  return configurationSchema.parse({
    version: 1,
    passwordSync: { enabled: true },
    agents: [
      {
        kind: 'active-directory',
        id: source,
        name: 'source',
        connection: { url: 'ldaps://dc1.fabrikam.lab', authentication: { method: 'gssapi' } },
        partitions: [{ dn: sourceDn, passwordSource: { enabled: true, domain: 'FABRIKAM', targets: ids } }],
      },
      ...targets.map(({ server }, index) => ({
        kind: 'ldap',
        profile: 'openldap',
        id: ids[index],
        name: `target ${index}`,
        connection: {
          url: server.ldapsUrl,
          caFile: server.caFile,
          authentication: { method: 'simple', user: server.serviceDn },
        },
        partitions: [{ dn: server.suffix }],
        password: { enabled: true, verify, concurrency },
      })),
    ],
  });
}
