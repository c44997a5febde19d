import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AccountState, DomainReader } from '#capture/account-state.ts';
import { captureMigrations } from '#capture/capture-migrations.ts';
import { CaptureQueue, type HeldRow } from '#capture/capture-queue.ts';
import { CaptureLog } from '#capture/event-log.ts';
import { sealContext } from '#capture/seal-context.ts';
import type { Seal } from '#engine/seal.ts';
import type { TrackingId } from '#shared/model/change.ts';
import { type PcnsTarget, pcnsTargetSchema } from '#shared/model/pcns.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { type Database, openDatabase } from '#store/database.ts';
import { KeyTable } from '#store/key-table.ts';
import { noteRaised } from '#test/raised-events.ts';
import { KeyFileKeeper } from '#vault/key-file-keeper.ts';
import { KeyRing } from '#vault/key-ring.ts';
import { SealedBox } from '#vault/sealed-box.ts';

import { MovedClock } from './moved-clock.ts';

export const domainUsers = 'S-1-5-21-1-2-3-513';
export const everyoneElse = 'S-1-5-21-1-2-3-1200';

/** A directory in memory, behind the port that the capture service reads through. */
export class FakeDomain implements DomainReader {
  readonly accounts = new Map<string, AccountState>();
  readonly groups = new Map<string, Set<string>>();
  readonly existing = new Set([domainUsers, everyoneElse]);
  /** Reads fail while set. */
  down = false;

  put(account: string, version: number, at: number, change: Partial<AccountState> = {}): AccountState {
    const state: AccountState = {
      guid: guidOf(account),
      sid: `S-1-5-21-1-2-3-${1000 + this.accounts.size}`,
      account,
      userAccountControl: 512,
      objectClasses: ['top', 'person', 'user'],
      passwordLastSet: at,
      password: { version, isLocal: true, at: Math.floor(at / 1000) * 1000 },
      ...change,
    };
    this.accounts.set(account, state);
    if (!this.groups.has(state.guid)) this.groups.set(state.guid, new Set([domainUsers]));
    return state;
  }

  async findAccount(account: string): Promise<AccountState | undefined> {
    this.#answer();
    return this.accounts.get(account);
  }

  async readAccount(guid: string): Promise<AccountState | undefined> {
    this.#answer();
    return [...this.accounts.values()].find((state) => state.guid === guid);
  }

  async readGroups(guid: string): Promise<ReadonlySet<string>> {
    this.#answer();
    return this.groups.get(guid) ?? new Set();
  }

  async resolveSids(sids: readonly string[]): Promise<ReadonlySet<string>> {
    this.#answer();
    return new Set(sids.filter((sid) => this.existing.has(sid)));
  }

  #answer(): void {
    if (this.down) throw new Error('the directory does not answer');
  }
}

export function guidOf(account: string): string {
  return `aaaaaaaa-0000-4000-8000-${Buffer.from(account.padEnd(6, '.')).toString('hex').slice(0, 12)}`;
}

export function makeTarget(change: Partial<PcnsTarget> & { name: string }): PcnsTarget {
  return pcnsTargetSchema.parse({
    guid: `bbbbbbbb-0000-4000-8000-${Buffer.from(change.name.padEnd(6, '.')).toString('hex').slice(0, 12)}`,
    server: 'intsvr1.fabrikam.lab',
    spn: 'PCNSCLNT/intsvr1.fabrikam.lab',
    inclusionSid: domainUsers,
    ...change,
  });
}

export interface CaptureWorld {
  readonly folder: string;
  readonly database: Database;
  readonly queue: CaptureQueue;
  readonly seal: Seal;
  readonly clock: MovedClock;
  readonly domain: FakeDomain;
  /** What the journal got. */
  readonly events: { readonly number: number; readonly message: string; readonly account?: string }[];
  readonly log: CaptureLog;
  /** A held change with this password, on disk. */
  hold(account: string, password: string, baseline?: HeldRow['baseline']): Promise<HeldRow>;
  /** A change that was committed and waits for these targets. */
  admit(account: string, password: string, targets: readonly PcnsTarget[]): Promise<HeldRow>;
  close(): Promise<void>;
}

/** A queue on disk with its keys, a clock that stands still and a directory in memory. */
export async function createCaptureWorld(): Promise<CaptureWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-capture-'));
  const database = openDatabase(join(folder, 'capture.db'), captureMigrations);
  const clock = new MovedClock();
  const keeper = new KeyFileKeeper(join(folder, 'vault.key'));
  const ring = await KeyRing.open({ store: new KeyTable(database), keeper, now: () => clock.now() });
  const seal = new SealedBox(ring);
  const events: CaptureWorld['events'] = [];
  const writeLine = (line: string): void => {
    const event = JSON.parse(line) as CaptureWorld['events'][number];
    noteRaised(event.number);
    events.push(event);
  };
  const log = new CaptureLog({ database, now: () => clock.now(), writeLine });
  const queue = new CaptureQueue(database, log);
  let serial = 0;
  const world: CaptureWorld = {
    folder,
    database,
    queue,
    seal,
    clock,
    domain: new FakeDomain(),
    events,
    log,
    hold: async (account, password, baseline = { kind: 'exact', version: 1 }) => {
      serial += 1;
      const sequence = queue.nextSequence();
      const trackingId = `cccccccc-0000-4000-8000-${String(serial).padStart(12, '0')}` as TrackingId;
      const context = sealContext({ trackingId, hookAccount: account, sequence });
      using secret = SecretBytes.take(new TextEncoder().encode(password));
      const sealed = seal.seal(secret, context);
      const row = { sequence, trackingId, hookAccount: account, capturedAt: clock.now(), baseline, sealed };
      await queue.hold(row);
      return row;
    },
    admit: async (account, password, targets) => {
      const row = await world.hold(account, password);
      const admission = {
        account,
        objectGuid: guidOf(account),
        committedAt: clock.now(),
        queuedAt: clock.now(),
        version: row.sequence + 1,
        targets: targets.map(({ guid }) => ({ guid, state: 'waiting' as const })),
      };
      await queue.admit(row.sequence, admission, 0, () => []);
      return row;
    },
    close: async () => {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}
