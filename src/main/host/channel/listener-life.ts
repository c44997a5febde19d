import { accessSync, constants } from 'node:fs';

import type { Clock } from '#engine/clock.ts';
import type { ChannelStatus } from '#shared/contract/system.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import { messageOf } from '#shared/model/message-of.ts';

import { applyKeytabs } from './kerberos-keytabs.ts';

/** Milliseconds after which a listener that could not listen tries again. */
const retryInterval = 30_000;

/** One listener of the service: what it depends on, and how it is opened and closed. */
export interface ListenerWork {
  readonly dataDirectory: string;
  readonly clock: Clock;
  /** What of a configuration the listener depends on; undefined where nobody is to listen. */
  readonly select: (configuration: Configuration) => unknown;
  /** The keytab with the key of what it listens as; of the system where undefined. */
  readonly keytab: (configuration: Configuration) => string | undefined;
  /** Listens; undefined where nobody is to. */
  readonly open: (configuration: Configuration) => Promise<ChannelStatus | undefined>;
  /** Ends what `open` began, also where that came half way only. */
  readonly close: () => Promise<void>;
  /** Told once for each reason why nobody can listen. */
  readonly failed: (detail: string) => unknown;
  /** Another try has ended, one way or the other. */
  readonly retried?: () => void;
  readonly report: (error: unknown) => void;
}

/** Keeps a listener as the configuration in force wants it; one that fails stops nothing else and is tried again. */
export class ListenerLife {
  readonly #work: ListenerWork;
  #selected: string | undefined;
  #status: ChannelStatus = { state: 'off' };
  #cancelRetry: (() => void) | undefined;
  #moving: Promise<void> = Promise.resolve();

  constructor(work: ListenerWork) {
    this.#work = work;
  }

  get status(): ChannelStatus {
    return this.#status;
  }

  /** Listens as `configuration` says, from now on; leaves a listener alone that needs no change. */
  follow(configuration: Configuration): Promise<void> {
    this.#moving = this.#moving.then(() => this.#move(configuration)).catch(this.#work.report);
    return this.#moving;
  }

  async stop(): Promise<void> {
    await this.#moving;
    this.#cancelRetry?.();
    await this.#work.close();
    this.#status = { state: 'off' };
  }

  async #move(configuration: Configuration): Promise<void> {
    const { select, open, close } = this.#work;
    const selected = JSON.stringify(select(configuration));
    if (selected === this.#selected) return;
    this.#selected = selected;
    this.#cancelRetry?.();
    await close();
    if (this.#status.state === 'listening') this.#status = { state: 'off' };
    try {
      if (selected !== undefined) this.#applyKeytabs(configuration);
      this.#status = (selected === undefined ? undefined : await open(configuration)) ?? { state: 'off' };
    } catch (error) {
      await this.#fail(error, configuration);
    }
  }

  #applyKeytabs(configuration: Configuration): void {
    const { keytab, dataDirectory } = this.#work;
    const own = keytab(configuration);
    // Told here by its name: Kerberos would refuse every caller later on, and each in other words.
    if (own !== undefined) accessSync(own, constants.R_OK);
    applyKeytabs(configuration, dataDirectory);
  }

  /** Tells what is wrong, and tries again: an address or a file may come a moment after the service. */
  async #fail(error: unknown, configuration: Configuration): Promise<void> {
    const { clock, close, failed, retried } = this.#work;
    await close();
    const detail = messageOf(error);
    const isKnown = this.#status.detail === detail;
    this.#status = { state: 'failed', detail };
    this.#cancelRetry = clock.schedule(retryInterval, () => {
      this.#selected = undefined;
      void this.follow(configuration).then(retried);
    });
    if (!isKnown) await failed(detail);
  }
}
