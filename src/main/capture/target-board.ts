import { type PcnsConfiguration, type PcnsTarget, pcnsConfigurationSchema } from '#shared/model/pcns.ts';
import type { Database } from '#store/database.ts';

import type { DomainReader } from './account-state.ts';
import type { CaptureQueue } from './capture-queue.ts';
import type { DeliveryLane, LaneStatus } from './delivery-lane.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { CaptureLog } from './event-log.ts';
import type { PcnsStore } from './pcns-store.ts';
import { decideScope, groupSids, unresolvedSids } from './scope.ts';

const second = 1000;

export interface TargetBoardOptions {
  readonly store: PcnsStore;
  readonly reader: DomainReader;
  readonly database: Database;
  readonly queue: CaptureQueue;
  readonly openLane: (target: PcnsTarget, queue: DeliveryQueue) => DeliveryLane;
  readonly now: () => number;
  readonly log: Pick<CaptureLog, 'commit' | 'write'>;
}

export interface TargetStatus extends LaneStatus {
  readonly guid: string;
  /** Groups that name no object; while there are any, nothing is sent. */
  readonly unresolved: readonly string[];
}

interface Place {
  readonly queue: DeliveryQueue;
  readonly lane: DeliveryLane;
  target: PcnsTarget;
  unresolved: readonly string[];
}

/** The configured targets, each with its lane; keeps up with what administrators change. */
export class TargetBoard {
  readonly #options: TargetBoardOptions;
  readonly #places = new Map<string, Place>();
  #configuration: PcnsConfiguration | undefined;
  #loaded = '';

  constructor(options: TargetBoardOptions) {
    this.#options = options;
  }

  /** As last read; without targets until the first `refresh`. */
  get configuration(): PcnsConfiguration {
    return this.#configuration ?? pcnsConfigurationSchema.parse({});
  }

  get isLoaded(): boolean {
    return this.#configuration !== undefined;
  }

  get status(): readonly TargetStatus[] {
    return [...this.#places.values()].map(({ lane, target, unresolved }) => ({
      guid: target.guid,
      ...lane.status,
      unresolved,
    }));
  }

  /** Reads the configuration; throws, and leaves everything as it is, where it cannot be read. */
  async refresh(): Promise<void> {
    const { store, log } = this.#options;
    const read = await store.read();
    const isFirst = this.#configuration === undefined;
    const loaded = JSON.stringify(read);
    if (!isFirst && loaded === this.#loaded) return;
    this.#loaded = loaded;
    this.#configuration = read ?? pcnsConfigurationSchema.parse({});
    if (read === undefined)
      log.write({
        number: 6000,
        message: `There is no configuration in ${store.place}; nothing is sent until there is`,
      });
    await this.#arrange();
    if (this.#places.size > 0) return;
    const message = 'No target is active: changes are not queued';
    log.write({ number: isFirst ? 4001 : 4002, message });
  }

  /** Looks whether every group still names an object; lets go what waited for that. */
  async checkGroups(): Promise<void> {
    const places = [...this.#places.values()];
    if (places.length === 0) return;
    const sids = new Set(places.flatMap(({ target }) => groupSids(target)));
    const resolved = await this.#options.reader.resolveSids([...sids]);
    for (const place of places) {
      this.#noteUnresolved(place, unresolvedSids(place.target, resolved));
      if (place.unresolved.length === 0) await this.#release(place, resolved);
    }
  }

  /** Tells of a target whose groups were found missing while a change was decided. */
  alarm(guid: string, unresolved: readonly string[]): void {
    const place = this.#places.get(guid);
    if (place !== undefined) this.#noteUnresolved(place, unresolved);
  }

  wake(guids: Iterable<string>): void {
    for (const guid of guids) {
      const lane = this.#places.get(guid)?.lane;
      lane?.wake();
    }
  }

  /** Ends what is too old and looks at the warning levels. */
  async sweep(): Promise<void> {
    const { queue, now } = this.#options;
    const { maximumQueueAge } = this.configuration.service;
    if (maximumQueueAge !== 0) {
      await queue.expire(now() - maximumQueueAge * second, ({ trackingId, account, target }) => ({
        number: 4100,
        trackingId,
        account,
        target: { guid: target },
        message: `The change of ${account} waited ${maximumQueueAge} seconds for ${this.#nameOf(target)}; it expired`,
      }));
    }
    for (const { lane } of this.#places.values()) lane.checkWarningLevel();
  }

  stop(): void {
    for (const { lane } of this.#places.values()) lane.stop();
    this.#places.clear();
  }

  async #arrange(): Promise<void> {
    const { database, log, openLane, queue } = this.#options;
    const active = this.configuration.targets.filter((target) => !target.disabled);
    await queue.keepOnly(
      active.map(({ guid }) => guid),
      ({ trackingId, account, target }) => ({
        number: 4100,
        trackingId,
        account,
        target: { guid: target },
        message: `The change of ${account} was thrown away: its target ${this.#nameOf(target)} is disabled or deleted`,
      }),
    );
    for (const [guid, { lane }] of this.#places) {
      if (active.some((target) => target.guid === guid)) continue;
      lane.stop();
      this.#places.delete(guid);
    }
    for (const target of active) {
      const place = this.#places.get(target.guid);
      if (place === undefined) {
        const lanes = new DeliveryQueue(database, log, target.guid);
        this.#places.set(target.guid, {
          target,
          queue: lanes,
          lane: openLane(target, lanes),
          unresolved: [],
        });
      } else {
        place.target = target;
        place.lane.update(target);
      }
    }
  }

  #noteUnresolved(place: Place, unresolved: readonly string[]): void {
    const known = place.unresolved;
    place.unresolved = unresolved;
    const { name } = place.target;
    for (const sid of unresolved) {
      if (known.includes(sid)) continue;
      const role = sid === place.target.inclusionSid ? 'inclusion' : 'exclusion';
      this.#options.log.write({
        number: 6032,
        target: place.target,
        message: `The ${role} group ${sid} of ${name} cannot be resolved: nothing is sent to ${name}, changes are kept until the group is mended (pcnscfg securetarget)`,
      });
    }
  }

  async #release(place: Place, resolved: ReadonlySet<string>): Promise<void> {
    const blocked = place.queue.blocked();
    for (const { sequence, objectGuid, trackingId, account } of blocked) {
      const groups = await this.#options.reader.readGroups(objectGuid);
      if (decideScope(place.target, groups, resolved) === 'send') await place.queue.unblock(sequence);
      else {
        const message = `A change of ${account} is not sent to ${place.target.name}: the inclusion and exclusion groups block it`;
        const told = { number: 2303, trackingId, account, target: place.target, message };
        await place.queue.finish(sequence, () => [told]);
      }
    }
    if (blocked.length > 0) place.lane.wake();
  }

  #nameOf(guid: string): string {
    return this.#places.get(guid)?.target.name ?? guid;
  }
}
