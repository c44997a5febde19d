import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { AcceptedChange, Delivery, NewDelivery, Settlement } from '#engine/queue.ts';
import type { AgentId, Attempt, TrackingId } from '#shared/model/change.ts';
import { ChangeStore, type TracedDelivery } from '#store/change-store.ts';
import { type Database, openDatabase } from '#store/database.ts';
import { storeMigrations } from '#store/migrations.ts';
import { QueueStore } from '#store/queue-store.ts';

export const hr = '11111111-0000-4000-8000-000000000001' as AgentId;
export const mail = '11111111-0000-4000-8000-000000000002' as AgentId;
export const source = '11111111-0000-4000-8000-000000000003' as AgentId;
export const partition = 'DC=fabrikam,DC=lab';
export const events = { superseded: 1, expired: 2, cancelled: 3 };

/** A moment for tests that need none in particular. */
export const noon = Date.UTC(2026, 0, 1, 12);
/** When all that was accepted about noon is due. */
export const later = noon + 3_600_000;
/** No connector is busy. */
export const nobody: ReadonlySet<number> = new Set();
export const delivered: Settlement = {
  outcome: 'delivered',
  event: 6902,
  at: later,
  verification: 'verified',
};

/** A queue on a real file of its own. */
export class QueueScene {
  readonly directory: string;
  readonly path: string;
  database: Database;
  queue: QueueStore;
  historySize = 24;
  #sequence = 0;

  constructor() {
    this.directory = mkdtempSync(join(tmpdir(), 'carillon-queue-'));
    this.path = join(this.directory, 'data', 'carillon.db');
    this.database = openDatabase(this.path, storeMigrations);
    this.queue = this.#createQueue();
  }

  async reopen(): Promise<void> {
    await this.database.close();
    this.database = openDatabase(this.path, storeMigrations);
    this.queue = this.#createQueue();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database.close();
    rmSync(this.directory, { recursive: true });
  }

  /** Every file of the database as it is on disk now. Reading drops SQLite's lock on it: the scene ends soon after. */
  readFiles(): readonly Buffer[] {
    return readdirSync(dirname(this.path)).map((name) => readFileSync(join(dirname(this.path), name)));
  }

  /** A change of one person with a waiting delivery for each of `connectors`. */
  change(connectors: readonly number[], given: Partial<AcceptedChange> = {}): AcceptedChange {
    this.#sequence += 1;
    const sequence = given.sequence ?? this.#sequence;
    const receivedAt = given.receivedAt ?? noon + sequence;
    return {
      change: {
        trackingId: randomUUID() as TrackingId,
        domain: 'FABRIKAM',
        account: 'ada',
        objectGuid: '22222222-0000-4000-8000-000000000001',
        sourceServer: 'dc1.fabrikam.lab',
        capturedAt: receivedAt,
        queuedAt: receivedAt,
        sentAt: receivedAt,
        committedAt: receivedAt,
        version: sequence,
      },
      sequence,
      receivedAt,
      expiresAt: receivedAt + 259_200_000,
      origin: { agent: source, partition },
      source: 1,
      person: 7,
      refusal: undefined,
      hops: [{ name: 'received', at: receivedAt }],
      deliveries: connectors.map((connector) => waiting(connector)),
      ...given,
    };
  }

  /** Accepts a change with one waiting delivery to `connector` and returns that. */
  async accept(connector: number, given: Partial<AcceptedChange> = {}): Promise<Delivery> {
    const { waiting } = await this.queue.accept(this.change([connector], given));
    const [delivery] = waiting;
    if (delivery === undefined) throw new Error('The delivery does not wait');
    return delivery;
  }

  trace(trackingId: TrackingId): readonly TracedDelivery[] {
    return new ChangeStore(this.database).trace(trackingId)?.deliveries ?? [];
  }

  dueConnectors(now = later, limit = 100, busy = nobody, target: AgentId = hr): number[] {
    return this.queue.due(target, now, limit, busy).map((delivery) => delivery.connector);
  }

  #createQueue(): QueueStore {
    return new QueueStore(this.database, { historySize: () => this.historySize, events });
  }
}

export function waiting(connector: number, target = hr): NewDelivery {
  return { target, connector, state: 'waiting', sealed: new Uint8Array([1, 2, 3]) };
}

export function failedAt(at: number): Attempt {
  return { at, ms: 5, result: 'server-down', event: 6901, detail: 'connection refused' };
}
