import type { ChannelEvent } from '#channel/channel-event.ts';
import { type DialRemoteOptions, dialRemote, type RemoteConnection } from '#host/remote/dial-remote.ts';
import type { ProveRemoteCaller, RemoteCaller } from '#host/remote/remote-caller.ts';
import { RemoteError } from '#host/remote/remote-error.ts';
import {
  type RemoteServer,
  type RemoteServerOptions,
  startRemoteServer,
} from '#host/remote/remote-server.ts';
import type { Access } from '#shared/rpc/access.ts';
import type { Port } from '#shared/rpc/port.ts';
import { noteRaised } from '#test/raised-events.ts';

import { testIdentity } from '../channel/channel-world.ts';
import { FakeClock } from '../channel/fake-clock.ts';
import { FakeKerberos } from '../channel/fake-kerberos.ts';

export const spn = 'CARILLON/sync.fabrikam.lab';

export interface Arrival {
  readonly caller: RemoteCaller;
  readonly isRemote: boolean;
  readonly port: Port;
}

/** Remote access on loopback, and callers of it. */
export class RemoteWorld implements AsyncDisposable {
  readonly kerberos = new FakeKerberos('alice@FABRIKAM.LAB');
  /** The server's. */
  readonly clock = new FakeClock();
  readonly events: ChannelEvent[] = [];
  readonly reported: unknown[] = [];
  readonly arrivals: Arrival[] = [];
  /** Roles by account, as the directory has them; one that is missing has none. */
  readonly roles = new Map<string, Access>([['FABRIKAM\\alice', 'operate']]);
  #server: RemoteServer | undefined;
  readonly #open: Port[] = [];

  get server(): RemoteServer {
    if (this.#server === undefined) throw new Error('The server was not started');
    return this.#server;
  }

  readonly #prove: ProveRemoteCaller = async (principal) => {
    const [name, realm] = principal.split('@');
    if (realm !== 'FABRIKAM.LAB') throw new RemoteError('wrong-realm', `${principal} is of no domain here`);
    const account = `FABRIKAM\\${name}`;
    const access = this.roles.get(account);
    if (access === undefined) throw new RemoteError('no-role', `${account} has no role on this server`);
    return { principal, account, access };
  };

  async start(options: Partial<RemoteServerOptions> = {}): Promise<this> {
    this.#server = await startRemoteServer({
      host: '127.0.0.1',
      port: 0,
      spn,
      identity: await testIdentity(),
      kerberos: this.kerberos,
      clock: this.clock,
      prove: this.#prove,
      accept: (port, caller, isRemote) => this.arrivals.push({ port, caller, isRemote }),
      events: (event) => {
        noteRaised(event.number);
        this.events.push(event);
      },
      report: (error) => this.reported.push(error),
      ...options,
    });
    return this;
  }

  async dial(options: Partial<DialRemoteOptions> = {}): Promise<RemoteConnection> {
    const { port, fingerprint } = this.server;
    const connection = await dialRemote({
      address: { host: '127.0.0.1', port, spn },
      trust: { pin: fingerprint },
      purpose: 'program',
      kerberos: this.kerberos,
      clock: new FakeClock(this.clock.now()),
      ...options,
    }).catch((refusal: unknown) => {
      // A caller learns of some refusals alone: the server is not there, or not the one that is trusted.
      if (refusal instanceof RemoteError) noteRaised(refusal.event);
      throw refusal;
    });
    this.#open.push(connection.port);
    return connection;
  }

  /** The last that came in. */
  arrival(): Arrival {
    const last = this.arrivals.at(-1);
    if (last === undefined) throw new Error('Nobody has come');
    return last;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const port of this.#open) port.close('Done');
    await this.#server?.stop();
  }
}

/** Resolves with the reason of a port's end. */
export function ended(port: Port): Promise<string> {
  return new Promise((resolve) => port.closed(resolve));
}
