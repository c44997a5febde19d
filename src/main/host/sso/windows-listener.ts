import { join } from 'node:path';

import type { Caller } from '#channel/caller.ts';
import type { KerberosPort } from '#channel/kerberos-port.ts';
import { type Receiver, startReceiver } from '#channel/receiver.ts';
import type { Clock } from '#engine/clock.ts';
import type { EngineEvent } from '#engine/event-sink.ts';
import type { ChannelStatus } from '#shared/contract/system.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import { allowsIdentityManager } from '#shared/model/single-sign-on.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { isSameAccount } from '#sso/caller.ts';
import type { AuditSink, SsoSettings } from '#sso/ports.ts';
import { SsoError } from '#sso/sso-error.ts';
import type { Synchronization } from '#sso/synchronization/create-synchronization.ts';

import { callersOf } from '../channel/callers-of.ts';
import { createDomainProofs, type DomainProofs } from '../channel/domain-proofs.ts';
import { ListenerLife } from '../channel/listener-life.ts';
import { openListenerIdentity } from '../channel/open-listener-identity.ts';
import type { Domain } from './domain-directory.ts';
import { createSsoCallerProof, isServiceAccount } from './prove-sso-caller.ts';

/** What the channel's refusals are called here: a caller who is no domain controller, and one not proven at all. */
const ownNumbers: Readonly<Record<number, number>> = { 6914: 10654, 7039: 11063 };

export interface WindowsListenerParts {
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly synchronization: Synchronization;
  readonly domains: () => readonly Domain[];
  /** Gives the master secret to other servers of the system. */
  readonly giveSecret: (caller: Caller) => Promise<SecretBytes>;
  readonly serverAccounts: () => readonly string[];
  readonly credential: (agent: string) => Promise<SecretBytes>;
  readonly record: (event: EngineEvent) => void;
  readonly report: (error: unknown) => void;
  /** Kerberos of the system where absent. */
  readonly kerberos?: KerberosPort;
}

/** Listens under ENTSSO/<host> for domain controllers and the synchronization engine. */
export class WindowsListener {
  readonly #parts: WindowsListenerParts;
  readonly #life: ListenerLife;
  #receiver: Receiver | undefined;
  #proofs: DomainProofs | undefined;
  /** Callers that were told of. */
  readonly #unwanted = new Set<string>();

  constructor(parts: WindowsListenerParts) {
    this.#parts = parts;
    const { dataDirectory, clock, report } = parts;
    this.#life = new ListenerLife({
      dataDirectory,
      clock,
      select: ({ singleSignOn: { listen }, channel, agents }) =>
        listen && [listen, channel?.keytab, agents.map(callersOf)],
      keytab: ({ singleSignOn: { listen }, channel }) => listen && (listen.keytab ?? channel?.keytab),
      open: (configuration) => this.#open(configuration),
      close: () => this.#close(),
      failed: (detail) => this.#tell([10661, 11067], `Nobody can hand changes over: ${detail}`),
      report,
    });
  }

  get status(): ChannelStatus {
    return this.#life.status;
  }

  /** Listens as `configuration` says, from now on. */
  follow(configuration: Configuration): Promise<void> {
    return this.#life.follow(configuration);
  }

  stop(): Promise<void> {
    return this.#life.stop();
  }

  async #open({ singleSignOn: { listen }, agents }: Configuration): Promise<ChannelStatus | undefined> {
    if (listen === undefined) return undefined;
    const { clock, credential, record, report, synchronization, domains, dataDirectory } = this.#parts;
    const { giveSecret, serverAccounts, kerberos } = this.#parts;
    const { audit, settings } = synchronization.ports;
    const { host, port, spn } = listen;
    const identity = await openListenerIdentity(listen, join(dataDirectory, 'sso-channel.pem'));
    await this.#tell([10659, 11065], `The listener ${spn} is starting`, 1);
    this.#proofs = createDomainProofs({ agents, credential, clock });
    const proveCaller = createSsoCallerProof({
      settings,
      domains,
      proveController: this.#proofs.prove,
      audit,
      serverAccounts,
    });
    this.#receiver = await startReceiver({
      host,
      port,
      spn,
      identity,
      clock,
      ...(kerberos === undefined ? {} : { kerberos }),
      proveCaller,
      onSecretRequest: giveSecret,
      onChange: async (change, password, caller) => {
        await this.#requireOwnAccount(caller);
        await synchronization.windows.receive(
          {
            trackingId: change.trackingId,
            account: `${change.domain}\\${change.account}`,
            changedAt: change.committedAt,
            source: isServiceAccount(caller) ? 'identity-manager' : 'pcns',
            caller: caller.principal,
          },
          password,
        );
      },
      onHeartbeat: (_, caller) => {
        this.#hear(caller, audit, settings).catch(report);
      },
      events: (event) => {
        // The rules of single sign-on have told of the account themselves.
        if (event.number === 11060) return;
        record({ ...event, number: ownNumbers[event.number] ?? event.number });
      },
      report,
    });
    const { port: opened, fingerprint } = this.#receiver;
    await this.#tell([10660, 11066], `${spn} listens on ${host}:${opened}`, 1);
    return { state: 'listening', host, port: opened, spn, fingerprint };
  }

  /** The same for both kinds of caller, under the number of each. */
  async #tell(events: readonly number[], message: string, level?: 1): Promise<void> {
    const { audit } = this.#parts.synchronization.ports;
    for (const event of events)
      await audit.record({ event, message, ...(level === undefined ? {} : { level }) });
  }

  /** Another server of the system may ask for the master secret; changes come as this server's own account. */
  async #requireOwnAccount(caller: Caller): Promise<void> {
    const { audit, settings } = this.#parts.synchronization.ports;
    const own = settings().server?.serviceAccount ?? '';
    if (!isServiceAccount(caller) || isSameAccount(`${caller.domain}\\${caller.account}`, own)) return;
    const message = `${caller.principal} is refused: the service account of this server is ${own || 'not set'}`;
    await audit.record({ event: 11060, message, caller: caller.principal });
    throw new SsoError(11060, 'forbidden', message);
  }

  /** Tells once of each caller that asks whether the server is there and may hand nothing over. */
  async #hear(caller: Caller, audit: AuditSink, settings: () => SsoSettings): Promise<void> {
    const { server, hostName } = settings();
    const isEngine = isServiceAccount(caller);
    const isAllowed =
      server !== undefined && (isEngine ? allowsIdentityManager(server) : server.allowPasswordSyncFromPcns);
    if (isAllowed) this.#unwanted.delete(caller.principal);
    else if (!this.#unwanted.has(caller.principal)) {
      this.#unwanted.add(caller.principal);
      const message = `${caller.principal} asked for ${hostName}, which takes no password changes from there`;
      await audit.record({ event: 10655, message, caller: caller.principal });
    }
  }

  async #close(): Promise<void> {
    await this.#receiver?.stop();
    await this.#proofs?.close();
    this.#receiver = undefined;
    this.#proofs = undefined;
  }
}
