import { join } from 'node:path';

import { systemKerberos } from '#channel/kerberos-port.ts';
import type { Clock } from '#engine/clock.ts';
import type { EngineEvent } from '#engine/event-sink.ts';
import type { ChannelStatus } from '#shared/contract/system.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { Call } from '#shared/rpc/contract.ts';
import type { Port } from '#shared/rpc/port.ts';
import type { Sso } from '#sso/create-sso.ts';
import type { AccountDirectory } from '#sso/ports.ts';

import { ListenerLife } from '../channel/listener-life.ts';
import { openListenerIdentity } from '../channel/open-listener-identity.ts';
import type { Domain } from '../sso/domain-directory.ts';
import { isKnownToSso } from './is-known-to-sso.ts';
import { createRemoteCallerProof } from './remote-caller.ts';
import { type RemoteServer, startRemoteServer } from './remote-server.ts';

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

/** Listens for other computers as the configuration in force wants it; whoever is connected stays where nothing changed. */
export class RemoteListener {
  readonly #parts: RemoteListenerParts;
  readonly #life: ListenerLife;
  #server: RemoteServer | undefined;

  constructor(parts: RemoteListenerParts) {
    this.#parts = parts;
    const { dataDirectory, clock, record, report, changed } = parts;
    this.#life = new ListenerLife({
      dataDirectory,
      clock,
      select: ({ remote }) => remote,
      keytab: ({ remote }) => remote?.keytab,
      open: (configuration) => this.#open(configuration),
      close: () => this.#close(),
      failed: (detail) =>
        record({ number: 7040, at: clock.now(), message: `Remote access cannot listen: ${detail}` }),
      retried: changed,
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

  async #open({ remote }: Configuration): Promise<ChannelStatus | undefined> {
    if (remote === undefined) return undefined;
    const { dataDirectory, clock, domains, directory, sso, accept, record, report } = this.#parts;
    const { host, port, spn } = remote;
    const identity = await openListenerIdentity(remote, join(dataDirectory, 'remote.pem'));
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
    const { port: opened, fingerprint } = this.#server;
    return { state: 'listening', host, port: opened, spn, fingerprint };
  }

  async #close(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }
}
