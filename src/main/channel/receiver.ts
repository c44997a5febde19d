import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';

import { AppError } from '#shared/model/app-error.ts';

import { wallClock } from './channel-clock.ts';
import { ChannelError } from './channel-error.ts';
import { ConnectionGate, mostConnections, strangerLimit } from './connection-gate.ts';
import { systemKerberos } from './kerberos-port.ts';
import { ReceiverConnection } from './receiver-connection.ts';
import type { ReceiverIdentity } from './receiver-identity.ts';
import { Intake, type IntakeOptions } from './receiver-intake.ts';
import { tlsSettings } from './tls-settings.ts';

export interface ReceiverOptions
  extends Omit<IntakeOptions, 'clock' | 'kerberos' | 'maxInFlight'>,
    Partial<Pick<IntakeOptions, 'clock' | 'kerberos' | 'maxInFlight'>> {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly identity: ReceiverIdentity;
  /** Connections at most, 256 by default, and of one address, 32 by default. */
  readonly maxConnections?: number;
  readonly maxPerAddress?: number;
}

export interface Receiver {
  readonly port: number;
  /** `sha256/<base64>`: what senders pin. */
  readonly fingerprint: string;
  /** Senders that are authenticated at present. */
  readonly connections: number;
  /** Takes no more, lets changes under way end, and closes. Idempotent. */
  stop(): Promise<void>;
}

const checkInterval = 1000;
/** How long stopping waits for changes under way, milliseconds. */
const stopLimit = 5000;

/** Starts to listen for senders. Throws `AppError` where that is not possible. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  if (/^none:?/i.test(process.env['KRB5RCACHENAME'] ?? ''))
    throw new AppError('invalid_configuration', 'KRB5RCACHENAME switches the replay cache of Kerberos off', {
      fix: 'Take KRB5RCACHENAME out of the environment of the service.',
    });
  const receiver = new TlsReceiver(options);
  await receiver.listen();
  return receiver;
}

class TlsReceiver implements Receiver {
  readonly #options: ReceiverOptions;
  readonly #intake: Intake;
  readonly #clock;
  readonly #server;
  readonly #connections = new Set<ReceiverConnection>();
  readonly #gate: ConnectionGate;
  #cancelCheck: (() => void) | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#clock = options.clock ?? wallClock;
    this.#intake = new Intake({
      clock: this.#clock,
      kerberos: systemKerberos,
      maxInFlight: 1024,
      ...options,
    });
    const { certificate, key } = options.identity;
    this.#server = createServer({ ...tlsSettings, cert: certificate, key, handshakeTimeout: strangerLimit });
    this.#server.maxConnections = options.maxConnections ?? mostConnections;
    this.#gate = new ConnectionGate(this.#clock, options.maxPerAddress);
    this.#server.on('connection', (socket: Socket) => this.#gate.meet(socket));
    this.#server.on('secureConnection', (socket) => this.#connect(socket));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get fingerprint(): string {
    return this.#options.identity.fingerprint;
  }

  get connections(): number {
    return [...this.#connections].filter(({ isAuthenticated }) => isAuthenticated).length;
  }

  async listen(): Promise<void> {
    const { host, port } = this.#options;
    this.#server.listen(port, host);
    try {
      await once(this.#server, 'listening');
    } catch (cause) {
      throw new AppError('unavailable', `Nobody can listen on ${host}:${port}: ${String(cause)}`, {
        fix: 'Choose another host or port in the channel settings, or end the process that has it.',
        cause,
      });
    }
    this.#server.on('error', (error) => this.#options.report(error));
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#cancelCheck?.();
    this.#gate.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    const settled = Promise.all([...this.#connections].map((connection) => connection.drain()));
    let cancel: (() => void) | undefined;
    const late = new Promise((resolve) => {
      cancel = this.#clock.schedule(stopLimit, () => resolve(undefined));
    });
    await Promise.race([settled, late]);
    cancel?.();
    for (const connection of this.#connections)
      connection.close(new ChannelError('closed', 'The receiver stops'));
    await closed;
  }

  #connect(socket: TLSSocket): void {
    const connection = new ReceiverConnection(socket, this.#intake, () => this.#gate.admit(socket));
    this.#connections.add(connection);
    socket.once('close', () => this.#connections.delete(connection));
    this.#cancelCheck ??= this.#clock.schedule(checkInterval, () => this.#check());
  }

  #check(): void {
    const now = this.#clock.now();
    for (const connection of this.#connections) connection.check(now);
    const isIdle = this.#connections.size === 0 || this.#stopping !== undefined;
    this.#cancelCheck = isIdle ? undefined : this.#clock.schedule(checkInterval, () => this.#check());
  }
}
