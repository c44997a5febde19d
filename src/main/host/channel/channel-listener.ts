import { join } from 'node:path';

import { type Receiver, startReceiver } from '#channel/receiver.ts';
import { openReceiverIdentity, readCompanyIdentity } from '#channel/receiver-identity.ts';
import type { Clock } from '#engine/clock.ts';
import type { EngineEvent } from '#engine/event-sink.ts';
import type { ChannelStatus } from '#shared/contract/system.ts';
import type { CapturedChange } from '#shared/model/change.ts';
import type { Channel, Configuration } from '#shared/model/configuration.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { ControllerRegistry, Sighting } from '../controller-registry.ts';
import { callersOf } from './callers-of.ts';
import { createDomainProofs, type DomainProofs } from './domain-proofs.ts';
import { applyKeytabs } from './kerberos-keytabs.ts';

/** Milliseconds after which a channel that could not listen tries again. */
const retryInterval = 30_000;

export interface ChannelListenerParts {
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly controllers: ControllerRegistry;
  readonly credential: (agent: string) => Promise<SecretBytes>;
  /** Resolves once the change is sealed and on disk. */
  readonly receive: (change: CapturedChange, password: SecretBytes) => Promise<void>;
  /** `level` is the log level from which on the event is told. */
  readonly record: (event: EngineEvent, level?: 1 | 2) => void;
  readonly report: (error: unknown) => void;
  readonly changed: () => void;
}

/** Listens for domain controllers as the configuration in force wants it; one that fails stops nothing else. */
export class ChannelListener {
  readonly #parts: ChannelListenerParts;
  #receiver: Receiver | undefined;
  #proofs: DomainProofs | undefined;
  #settings = '';
  #cancelRetry: (() => void) | undefined;
  #status: ChannelStatus = { state: 'off' };
  #moving: Promise<void> = Promise.resolve();

  constructor(parts: ChannelListenerParts) {
    this.#parts = parts;
  }

  get status(): ChannelStatus {
    return this.#status;
  }

  /** Listens as `configuration` says, from now on; leaves a listener alone that needs no change. */
  follow(configuration: Configuration): Promise<void> {
    this.#moving = this.#moving.then(() => this.#move(configuration));
    return this.#moving;
  }

  async stop(): Promise<void> {
    await this.#moving;
    this.#cancelRetry?.();
    await this.#close();
    this.#status = { state: 'off' };
  }

  async #move(configuration: Configuration): Promise<void> {
    const { channel, agents, passwordSync } = configuration;
    const settings = JSON.stringify([channel, agents.map(callersOf), passwordSync.enabled]);
    if (settings === this.#settings) return;
    this.#settings = settings;
    this.#cancelRetry?.();
    await this.#close();
    try {
      applyKeytabs(configuration, this.#parts.dataDirectory);
      // As in Identity Manager, nobody listens while synchronization is off: the changes wait where they were made.
      if (channel === undefined || !passwordSync.enabled) this.#status = { state: 'off' };
      else await this.#open(channel, configuration);
    } catch (error) {
      await this.#fail(error, configuration);
    }
  }

  async #open(channel: Channel, { agents }: Configuration): Promise<void> {
    const { clock, credential, record, report, changed } = this.#parts;
    const identity = await this.#identityOf(channel);
    this.#proofs = createDomainProofs({ agents, credential, clock });
    this.#receiver = await startReceiver({
      host: channel.host,
      port: channel.port,
      spn: channel.spn,
      identity,
      clock,
      proveCaller: this.#proofs.prove,
      onChange: async (change, password, caller) => {
        await this.#parts.receive(change, password);
        this.#see(change.sourceServer, caller.domain, 'change');
      },
      onHeartbeat: ({ host, queued, oldest, clockDifferenceMs }, { domain }) => {
        this.#see(host, domain, 'heartbeat', { queued, oldest, clockDifference: clockDifferenceMs });
        const message = `${host} of ${domain} is alive; ${queued} changes wait there`;
        record({ number: 7037, at: clock.now(), message }, 2);
        changed();
      },
      events: (event) => record(event),
      report,
    });
    const { port, fingerprint } = this.#receiver;
    this.#status = { state: 'listening', host: channel.host, port, spn: channel.spn, fingerprint };
  }

  /** Tells what is wrong, and tries again: an address or a file may come a moment after the service. */
  async #fail(error: unknown, configuration: Configuration): Promise<void> {
    await this.#close();
    const { clock, record } = this.#parts;
    const detail = error instanceof Error ? error.message : String(error);
    if (this.#status.detail !== detail)
      record({ number: 7036, at: clock.now(), message: `The channel cannot listen: ${detail}` });
    this.#status = { state: 'failed', detail };
    this.#cancelRetry = clock.schedule(retryInterval, () => {
      this.#settings = '';
      void this.follow(configuration);
    });
  }

  #identityOf({ certificateFile, keyFile, spn }: Channel) {
    return certificateFile === undefined || keyFile === undefined
      ? openReceiverIdentity(join(this.#parts.dataDirectory, 'channel.pem'), spn.slice(spn.indexOf('/') + 1))
      : readCompanyIdentity({ certificateFile, keyFile });
  }

  #see(
    server: string,
    domain: string,
    kind: 'heartbeat' | 'change',
    more: Partial<Pick<Sighting, 'queued' | 'oldest' | 'clockDifference'>> = {},
  ): void {
    this.#parts.controllers.note({ server, domain, kind, at: this.#parts.clock.now(), ...more });
  }

  async #close(): Promise<void> {
    await this.#receiver?.stop();
    await this.#proofs?.close();
    this.#receiver = undefined;
    this.#proofs = undefined;
  }
}
