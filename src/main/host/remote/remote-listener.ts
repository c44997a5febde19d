import { join } from 'node:path';

import { systemKerberos } from '#channel/kerberos-port.ts';
import { openReceiverIdentity, readCompanyIdentity } from '#channel/receiver-identity.ts';
import type { Clock } from '#engine/clock.ts';
import type { EngineEvent } from '#engine/event-sink.ts';
import type { ChannelStatus } from '#shared/contract/system.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { RemoteAccess } from '#shared/model/remote-access.ts';
import type { Call } from '#shared/rpc/contract.ts';
import type { Port } from '#shared/rpc/port.ts';
import type { Sso } from '#sso/create-sso.ts';
import type { AccountDirectory } from '#sso/ports.ts';

import { applyKeytabs } from '../channel/kerberos-keytabs.ts';
import type { Domain } from '../sso/domain-directory.ts';
import { isKnownToSso } from './is-known-to-sso.ts';
import { createRemoteCallerProof } from './remote-caller.ts';
import { type RemoteServer, startRemoteServer } from './remote-server.ts';

/** Milliseconds after which remote access that could not listen tries again. */
const retryInterval = 30_000;

export interface RemoteListenerParts {
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly domains: () => readonly Domain[];
  readonly directory: AccountDirectory;
  readonly sso: Sso;
  readonly accept: (port: Port, from: Pick<Call, 'access' | 'caller' | 'account' | 'isRemote'>) => void;
  readonly record: (event: EngineEvent) => void;
  readonly report: (error: unknown) => void;
  readonly changed: () => void;
}

/** Listens for other computers as the configuration in force wants it; one that fails stops nothing else. */
export class RemoteListener {
  readonly #parts: RemoteListenerParts;
  #server: RemoteServer | undefined;
  #settings = '';
  #status: ChannelStatus = { state: 'off' };
  #cancelRetry: (() => void) | undefined;
  #moving: Promise<void> = Promise.resolve();

  constructor(parts: RemoteListenerParts) {
    this.#parts = parts;
  }

  get status(): ChannelStatus {
    return this.#status;
  }

  /** Listens as `configuration` says, from now on; whoever is connected stays where nothing changed. */
  follow(configuration: Configuration): Promise<void> {
    this.#moving = this.#moving.then(() => this.#move(configuration));
    return this.#moving;
  }

  async stop(): Promise<void> {
    await this.#moving;
    this.#cancelRetry?.();
    await this.#server?.stop();
    this.#server = undefined;
    this.#status = { state: 'off' };
  }

  async #move(configuration: Configuration): Promise<void> {
    const { remote } = configuration;
    const settings = JSON.stringify(remote ?? null);
    if (settings === this.#settings) return;
    this.#settings = settings;
    this.#cancelRetry?.();
    await this.#server?.stop();
    this.#server = undefined;
    this.#status = { state: 'off' };
    if (remote === undefined) return;
    try {
      applyKeytabs(configuration, this.#parts.dataDirectory);
      await this.#open(remote);
    } catch (error) {
      this.#fail(error, configuration);
    }
  }

  async #open(remote: RemoteAccess): Promise<void> {
    const { dataDirectory, clock, domains, directory, sso, accept, record, report } = this.#parts;
    const { host, port, spn, certificateFile, keyFile } = remote;
    const identity = await (certificateFile === undefined || keyFile === undefined
      ? openReceiverIdentity(join(dataDirectory, 'remote.pem'), spn.slice(spn.indexOf('/') + 1))
      : readCompanyIdentity({ certificateFile, keyFile }));
    const prove = createRemoteCallerProof({
      domains,
      directory,
      settings: () => remote,
      isKnownToSso: (account) => isKnownToSso(sso, account),
    });
    this.#server = await startRemoteServer({
      host,
      port,
      spn,
      identity,
      clock,
      kerberos: systemKerberos,
      prove,
      accept: (peer, { account, access }, isRemote) =>
        accept(peer, { access, caller: account, account, isRemote }),
      events: record,
      report,
    });
    const { fingerprint } = this.#server;
    this.#status = { state: 'listening', host, port: this.#server.port, spn, fingerprint };
  }

  /** Tells what is wrong, and tries again: an address or a file may come a moment after the service. */
  #fail(error: unknown, configuration: Configuration): void {
    const { clock, record, changed } = this.#parts;
    const detail = error instanceof Error ? error.message : String(error);
    if (this.#status.detail !== detail)
      record({ number: 7040, at: clock.now(), message: `Remote access cannot listen: ${detail}` });
    this.#status = { state: 'failed', detail };
    this.#cancelRetry = clock.schedule(retryInterval, () => {
      this.#settings = '';
      void this.follow(configuration).then(changed);
    });
  }
}
