import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { type DomainController, domainControllerSchema } from '#shared/contract/capture.ts';

import { writeAtomically } from './configuration/write-atomically.ts';

/** How long a sighting may wait to be written, milliseconds. */
const writeInterval = 60_000;

export interface Sighting {
  readonly server: string;
  readonly domain: string;
  readonly at: number;
  readonly kind: 'heartbeat' | 'change';
  /** The controller's clock minus ours, milliseconds. */
  readonly clockDifference?: number;
  /** Changes that wait there. */
  readonly queued?: number;
  /** Capture time of the oldest of them. */
  readonly oldest?: number | undefined;
}

/**
 * The domain controllers that deliver here, remembered over restarts: one that fell silent while the service was down
 * must not be forgotten.
 */
export class ControllerRegistry {
  readonly #path: string;
  readonly #controllers: Map<string, DomainController>;
  #writtenAt = 0;
  #dirty = false;

  constructor(path: string) {
    this.#path = path;
    this.#controllers = new Map(readAll(path).map((one) => [keyOf(one), one]));
  }

  get all(): readonly DomainController[] {
    return [...this.#controllers.values()].sort((left, right) => left.server.localeCompare(right.server));
  }

  note({ server, domain, at, kind, clockDifference, queued, oldest }: Sighting): void {
    const key = keyOf({ server, domain });
    const before = this.#controllers.get(key);
    const { oldestQueuedAt: _, ...known } = before ?? { server, domain, firstSeenAt: at };
    this.#controllers.set(key, {
      ...(kind === 'heartbeat' ? known : (before ?? known)),
      ...(kind === 'heartbeat' ? { lastHeartbeatAt: at } : { lastChangeAt: at }),
      ...(clockDifference === undefined ? {} : { clockDifference }),
      ...(queued === undefined ? {} : { queued }),
      ...(oldest === undefined ? {} : { oldestQueuedAt: oldest }),
    });
    this.#dirty = true;
    if (before === undefined || at - this.#writtenAt >= writeInterval) this.save(at);
  }

  save(now: number): void {
    if (!this.#dirty) return;
    writeAtomically(this.#path, `${JSON.stringify(this.all, null, 2)}\n`);
    this.#dirty = false;
    this.#writtenAt = now;
  }
}

/** What was remembered; a file that does not read is no reason to refuse changes. */
function readAll(path: string): readonly DomainController[] {
  try {
    return z.array(domainControllerSchema).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return [];
  }
}

function keyOf({ server, domain }: Pick<DomainController, 'server' | 'domain'>): string {
  return `${domain}\\${server}`.toLowerCase();
}
