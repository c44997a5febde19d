import { listDomainControllers } from '#channel/list-domain-controllers.ts';
import type { Clock } from '#engine/clock.ts';
import type { DomainController, KnownController } from '#shared/contract/capture.ts';
import type { Agent } from '#shared/model/agent.ts';

import { DirectoryLink, type ReadCredential } from './directory-link.ts';
import { controllerKey, knownControllers, type NamedController } from './known-controllers.ts';

const firstLook = 5000;
const interval = 10 * 60_000;

export interface ControllerCensusParts {
  readonly agents: () => readonly Agent[];
  readonly credential: ReadCredential;
  readonly clock: Clock;
  /** Told when the directory names others than before. */
  readonly changed: () => void;
}

/**
 * Asks the directory for its domain controllers, so that one without capture is seen. A directory that does not answer
 * leaves what was known; its agent's own alarm says why.
 */
export class ControllerCensus {
  readonly #parts: ControllerCensusParts;
  #named: readonly NamedController[] = [];
  #cancel: (() => void) | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: ControllerCensusParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#plan(firstLook);
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#looking;
  }

  /** Other agents are configured now: looks soon. */
  lookSoon(): void {
    this.#cancel?.();
    this.#plan(firstLook);
  }

  /** Everything that was heard of, and what the directory names besides. */
  merge(heard: readonly DomainController[]): readonly KnownController[] {
    return knownControllers(heard, this.#named, this.#parts.clock.now());
  }

  /** Looks now; the first failure of an agent leaves what it named before. */
  async look(): Promise<void> {
    const { agents, credential, changed } = this.#parts;
    const named: NamedController[] = [];
    for (const agent of agents()) {
      if (agent.kind !== 'active-directory') continue;
      const link = new DirectoryLink(agent, credential);
      for (const { dn, passwordSource } of agent.partitions) {
        if (passwordSource?.enabled !== true) continue;
        const { domain } = passwordSource;
        const before = this.#named.filter((one) => one.domain === domain);
        const servers = await link
          .open()
          .then((connection) => listDomainControllers(connection, dn))
          .catch(() => undefined);
        named.push(...(servers?.map((server) => ({ server, domain })) ?? before));
      }
      await link.close();
    }
    const isSame = named.map(controllerKey).sort().join() === this.#named.map(controllerKey).sort().join();
    this.#named = named;
    if (!isSame) changed();
  }

  #plan(delay: number): void {
    this.#cancel = this.#parts.clock.schedule(delay, () => {
      this.#looking = this.look();
      void this.#looking.finally(() => this.#plan(interval));
    });
  }
}
