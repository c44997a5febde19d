import { join } from 'node:path';

import { type Receiver, startReceiver } from '#channel/receiver.ts';
import type { Clock } from '#engine/clock.ts';
import type { EngineEvent } from '#engine/event-sink.ts';
import type { ChannelStatus } from '#shared/contract/system.ts';
import type { CapturedChange } from '#shared/model/change.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { ControllerRegistry, Sighting } from '../controller-registry.ts';
import { callersOf } from './callers-of.ts';
import { createDomainProofs, type DomainProofs } from './domain-proofs.ts';
import { ListenerLife } from './listener-life.ts';
import { openListenerIdentity } from './open-listener-identity.ts';

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

/** Listens for domain controllers as the configuration in force wants it. */
export class ChannelListener {
  readonly #parts: ChannelListenerParts;
  readonly #life: ListenerLife;
  #receiver: Receiver | undefined;
  #proofs: DomainProofs | undefined;

  constructor(parts: ChannelListenerParts) {
    this.#parts = parts;
    const { clock, dataDirectory, record, report } = parts;
    this.#life = new ListenerLife({
      dataDirectory,
      clock,
      select: ({ channel, agents, passwordSync }) => [channel, agents.map(callersOf), passwordSync.enabled],
      keytab: ({ channel, passwordSync }) => (passwordSync.enabled ? channel?.keytab : undefined),
      open: (configuration) => this.#open(configuration),
      close: () => this.#close(),
      failed: (detail) =>
        record({ number: 7036, at: clock.now(), message: `The channel cannot listen: ${detail}` }),
      report,
    });
  }

  get status(): ChannelStatus {
    return this.#life.status;
  }

  /** Listens as `configuration` says, from now on; leaves a listener alone that needs no change. */
  follow(configuration: Configuration): Promise<void> {
    return this.#life.follow(configuration);
  }

  stop(): Promise<void> {
    return this.#life.stop();
  }

  async #open({ channel, agents, passwordSync }: Configuration): Promise<ChannelStatus | undefined> {
    // As in Identity Manager, nobody listens while synchronization is off: the changes wait where they were made.
    if (channel === undefined || !passwordSync.enabled) return undefined;
    const { dataDirectory, clock, credential, record, report, changed } = this.#parts;
    const identity = await openListenerIdentity(channel, join(dataDirectory, 'channel.pem'));
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
    return { state: 'listening', host: channel.host, port, spn: channel.spn, fingerprint };
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
