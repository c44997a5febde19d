import { randomUUID } from 'node:crypto';

import { Engine } from '#engine/engine.ts';
import type { EngineEvent } from '#engine/event-sink.ts';
import type { Connector, JoinTable } from '#engine/join-table.ts';
import type { Observation } from '#engine/observation.ts';
import type { Receipt } from '#engine/receipt.ts';
import type { AgentId, CapturedChange, TrackingId } from '#shared/model/change.ts';
import { type Configuration, configurationSchema } from '#shared/model/configuration.ts';
import type { PasswordSettings } from '#shared/model/password-settings.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { ManualClock, settled } from './engine-clock.ts';
import { EngineProcess } from './engine-process.ts';
import { MemoryQueue, type StoredDelivery } from './engine-queue.ts';
import { TransparentSeal } from './engine-seal.ts';
import { ScriptedTarget } from './engine-target.ts';
import { noteRaised } from './raised-events.ts';

export const source = '10000000-0000-4000-8000-000000000000' as AgentId;
export const domain = 'FABRIKAM';
export const partition = 'DC=fabrikam,DC=lab';

export interface WorldOptions {
  readonly targets?: number;
  readonly people?: number;
  /** Password block of every target. */
  readonly password?: Partial<PasswordSettings>;
}

/** A running engine between a source of changes and scripted targets, on a clock that the test moves. */
export class EngineWorld {
  readonly clock = new ManualClock();
  readonly queue = new MemoryQueue();
  readonly seal = new TransparentSeal();
  readonly events: EngineEvent[] = [];
  readonly observations: Observation[] = [];
  readonly targets: readonly ScriptedTarget[];
  readonly connectors: Connector[] = [];
  readonly lookups: string[] = [];
  onUnknownObject: ((anchor: string) => Promise<boolean>) | undefined;
  configuration: Configuration;
  engine: Engine;
  readonly #processes: EngineProcess[] = [];
  #changes = 0;

  constructor({ targets = 1, people = 1, password = {} }: WorldOptions = {}) {
    this.targets = Array.from({ length: targets }, () => new ScriptedTarget(this.clock));
    this.configuration = createConfiguration(targets, password);
    for (let person = 1; person <= people; person += 1) this.join(person);
    this.engine = this.createEngine();
  }

  static async start(options: WorldOptions = {}): Promise<EngineWorld> {
    const world = new EngineWorld(options);
    await world.engine.start();
    await settled();
    return world;
  }

  get joins(): JoinTable {
    const stamped = (connector: Connector): Connector => ({
      ...connector,
      incoming: this.queue.stampsOf(connector.id).incoming,
      outgoing: this.queue.stampsOf(connector.id).outgoing,
    });
    return {
      findConnector: (agent, anchor) => {
        const found = this.connectors.find((one) => one.agent === agent && one.anchor === anchor);
        return found && stamped(found);
      },
      connector: (id) => {
        const found = this.connectors.find((one) => one.id === id);
        return found && stamped(found);
      },
      connectorsOf: (person) => this.connectors.filter((one) => one.person === person).map(stamped),
    };
  }

  get target(): ScriptedTarget {
    return this.targets[0] ?? missing('a target');
  }

  /** The most sets that one engine ever had at work on one connector. */
  get mostOnOne(): number {
    return Math.max(...this.#processes.map((one) => one.mostOnOne));
  }

  get numbers(): readonly number[] {
    return this.events.map(({ number }) => number);
  }

  /** An engine over this world's queue and targets, in a process of its own. */
  createEngine(): Engine {
    const life = new EngineProcess();
    this.#processes.push(life);
    return new Engine({
      clock: life.clock(this.clock),
      queue: life.queue(this.queue),
      joins: this.joins,
      seal: this.seal,
      targets: (agent) => {
        const target = this.targets.find((_, index) => targetId(index) === agent);
        return target && life.target(target);
      },
      settings: () => this.configuration,
      events: (event) => {
        noteRaised(event.number);
        this.events.push(event);
      },
      observe: (observation) => this.observations.push(observation),
      onUnknownObject: async (_, anchor) => {
        this.lookups.push(anchor);
        return (await this.onUnknownObject?.(anchor)) ?? false;
      },
    });
  }

  /** Ends the engine's process without a word: what was not on disk is lost. A new engine does not run yet. */
  kill(): void {
    this.#processes.at(-1)?.kill();
    this.queue.loseWrites();
    this.engine = this.createEngine();
  }

  /** Joins an object of the source and one of each target to a person. */
  join(person: number): void {
    this.addConnector(source, person, { id: sourceConnector(person), partition });
    for (const index of this.targets.keys())
      this.addConnector(targetId(index), person, { id: targetConnector(person, index) });
  }

  addConnector(agent: AgentId, person: number, given: Partial<Connector> & { readonly id: number }): void {
    const { id } = given;
    this.connectors.push({
      agent,
      partition: 'dc=target',
      dn: `uid=person${person},dc=agent${agent.slice(0, 8)}`,
      anchor: agent === source ? guidOf(person) : `anchor-${id}`,
      objectType: 'person',
      person,
      incoming: undefined,
      outgoing: undefined,
      ...given,
    });
  }

  /** Puts other settings in force. */
  configure(change: (configuration: Configuration) => void): void {
    const next = structuredClone(this.configuration);
    change(next);
    this.configuration = next;
    this.engine.settingsChanged();
  }

  configureTarget(password: Partial<PasswordSettings>, index = 0): void {
    this.configure(({ agents }) => {
      const agent = agents[index + 1] ?? missing('an agent');
      agent.password = { ...agent.password, ...password };
    });
  }

  change(given: Partial<CapturedChange> & { readonly person?: number } = {}): CapturedChange {
    const { person = 1, ...rest } = given;
    this.#changes += 1;
    const now = this.clock.now();
    return {
      trackingId: randomUUID() as TrackingId,
      domain,
      account: `person${person}`,
      objectGuid: guidOf(person),
      sourceServer: 'dc1.fabrikam.lab',
      capturedAt: now,
      committedAt: now,
      queuedAt: now,
      sentAt: now,
      version: this.#changes,
      ...rest,
    };
  }

  /** Hands a change with this password over and returns what the sender is told. */
  receive(
    password: string,
    given: Partial<CapturedChange> & { readonly person?: number } = {},
  ): Promise<Receipt> {
    return this.engine.receive(this.change(given), secretOf(password));
  }

  /** Hands a change over, and lets what follows at once happen. */
  async deliver(
    password: string,
    given: Partial<CapturedChange> & { readonly person?: number } = {},
  ): Promise<StoredDelivery> {
    await this.receive(password, given);
    await settled();
    return this.queue.deliveries.at(-1) ?? missing('a delivery');
  }
}

export function targetId(index: number): AgentId {
  return `20000000-0000-4000-8000-${String(index).padStart(12, '0')}` as AgentId;
}

export function guidOf(person: number): string {
  return `30000000-0000-4000-8000-${String(person).padStart(12, '0')}`;
}

export function sourceConnector(person: number): number {
  return person * 1000;
}

export function targetConnector(person: number, index = 0): number {
  return person * 1000 + index + 1;
}

export function secretOf(password: string): SecretBytes {
  return SecretBytes.take(new TextEncoder().encode(password));
}

function createConfiguration(targets: number, password: Partial<PasswordSettings>): Configuration {
  const connection = { url: 'ldaps://dc', authentication: { method: 'gssapi' } };
  const agents = Array.from({ length: targets }, (_, index) => ({
    kind: 'ldap',
    id: targetId(index),
    name: `target ${index}`,
    connection,
    partitions: [{ dn: 'dc=target' }],
    password: { enabled: true, ...password },
  }));
  return configurationSchema.parse({
    version: 1,
    passwordSync: { enabled: true },
    agents: [
      {
        kind: 'active-directory',
        id: source,
        name: 'source',
        connection,
        partitions: [
          {
            dn: partition,
            passwordSource: { enabled: true, domain, targets: agents.map(({ id }) => id) },
          },
        ],
      },
      ...agents,
    ],
  });
}

function missing(what: string): never {
  throw new Error(`There is no ${what}`);
}

/** What the one partition of the world's configuration is as a source; a test may change it. */
export function passwordSourceOf({ agents }: Pick<Configuration, 'agents'>) {
  const found = agents[0]?.partitions[0]?.passwordSource;
  if (found === undefined) throw new Error('No source');
  return found;
}
