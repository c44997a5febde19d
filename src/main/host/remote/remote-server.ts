import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

import { WebSocketServer } from 'ws';

import type { ChannelClock } from '#channel/channel-clock.ts';
import type { ChannelEvent } from '#channel/channel-event.ts';
import { ConnectionGate, mostConnections, strangerLimit } from '#channel/connection-gate.ts';
import type { KerberosPort } from '#channel/kerberos-port.ts';
import type { ReceiverIdentity } from '#channel/receiver-identity.ts';
import { RefusalLog } from '#channel/refusal-log.ts';
import { requireSameTime } from '#channel/require-same-time.ts';
import { requireTicketFor } from '#channel/require-service.ts';
import { tlsSettings } from '#channel/tls-settings.ts';
import { AppError } from '#shared/model/app-error.ts';
import { lineLimit } from '#shared/rpc/line-decoder.ts';
import type { Port } from '#shared/rpc/port.ts';

import type { ProveRemoteCaller, RemoteCaller } from './remote-caller.ts';
import { RemoteError } from './remote-error.ts';
import { RemotePort } from './remote-port.ts';
import {
  isProofOf,
  largestRequest,
  proveToken,
  purposeSchema,
  readNegotiate,
  remoteHeader,
  remotePath,
  remoteProtocol,
  writeNegotiate,
} from './remote-protocol.ts';

const usualProofLifetime = 60_000;

export interface RemoteServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly spn: string;
  readonly identity: ReceiverIdentity;
  readonly clock: ChannelClock;
  readonly kerberos: KerberosPort;
  readonly prove: ProveRemoteCaller;
  readonly accept: (port: Port, caller: RemoteCaller, isRemote: boolean) => void;
  readonly events: (event: ChannelEvent) => void;
  readonly report: (error: unknown) => void;
  /** After this time the roles of everybody who is connected are looked up anew, milliseconds; a minute where absent. */
  readonly proofLifetime?: number;
}

export interface RemoteServer {
  readonly port: number;
  readonly fingerprint: string;
  stop(): Promise<void>;
}

interface Guest {
  readonly port: RemotePort;
  readonly caller: RemoteCaller;
}

/** Starts to take callers from other computers. Throws `AppError` where nobody can listen there. */
export async function startRemoteServer(options: RemoteServerOptions): Promise<RemoteServer> {
  if (/^none:?/i.test(process.env['KRB5RCACHENAME'] ?? ''))
    throw new AppError('invalid_configuration', 'KRB5RCACHENAME switches the replay cache of Kerberos off', {
      fix: 'Take KRB5RCACHENAME out of the environment of the service.',
    });
  const server = new TlsServer(options);
  await server.listen();
  return server;
}

class TlsServer implements RemoteServer {
  readonly #options: RemoteServerOptions;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: lineLimit,
    perMessageDeflate: false,
    handleProtocols: () => remoteProtocol,
  });
  readonly #gate: ConnectionGate;
  readonly #refusals: RefusalLog;
  readonly #guests = new Set<Guest>();
  #cancelProof: (() => void) | undefined;
  #stopping = false;

  constructor(options: RemoteServerOptions) {
    this.#options = options;
    const { clock, identity, events } = options;
    this.#gate = new ConnectionGate(clock);
    this.#refusals = new RefusalLog({ events, clock });
    const { certificate: cert, key } = identity;
    const settings = {
      ...tlsSettings,
      cert,
      key,
      maxHeaderSize: largestRequest,
      handshakeTimeout: strangerLimit,
    };
    this.#server = createServer(settings, (request, response) => {
      response.writeHead(426, { 'Content-Type': 'application/json', Connection: 'close' });
      response.end(describeRefusal(new RemoteError('protocol', 'This server speaks over a WebSocket')));
      // What a body would bring is not read.
      request.pause();
    });
    this.#server.maxConnections = mostConnections;
    this.#server.on('connection', (socket) => this.#gate.meet(socket as Socket));
    this.#server.on('upgrade', (request, socket, head) => void this.#greet(request, socket, head));
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get fingerprint(): string {
    return this.#options.identity.fingerprint;
  }

  async listen(): Promise<void> {
    const { host, port, report } = this.#options;
    this.#server.listen(port, host);
    try {
      await once(this.#server, 'listening');
    } catch (cause) {
      throw new AppError('unavailable', `Nobody can listen on ${host}:${port}: ${String(cause)}`, {
        fix: 'Choose another host or port in "remote", or end the process that has it.',
        cause,
      });
    }
    this.#server.on('error', report);
    this.#scheduleProof();
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#cancelProof?.();
    for (const { port } of this.#guests) port.close('The service stops');
    this.#gate.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    for (const socket of this.#sockets.clients) socket.terminate();
    await closed;
  }

  async #greet(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // `close` follows and says all there is to do.
    socket.on('error', () => undefined);
    const { remoteAddress = 'an unknown address' } = request.socket;
    try {
      await this.#admit(request, request.socket as TLSSocket, head);
    } catch (failure) {
      const named = RemoteError.from(failure);
      if (!(named instanceof RemoteError)) this.#options.report(failure);
      const error =
        named instanceof RemoteError ? named : new RemoteError('refused', 'The server failed inside');
      const { reason: code, event: number, words: message, fix } = error;
      this.#refusals.note({ code, number, message, fix }, remoteAddress, undefined);
      const body = describeRefusal(error);
      const status = error.code === 'forbidden' ? '403 Forbidden' : '503 Service Unavailable';
      socket.end(
        `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    }
  }

  async #admit(request: IncomingMessage, socket: TLSSocket, head: Buffer): Promise<void> {
    const { spn, kerberos, clock, prove, accept, events } = this.#options;
    const { headers } = request;
    this.#requireProgram(request, socket);
    const purpose = purposeSchema.safeParse(headers[remoteHeader.purpose]);
    const token = readNegotiate(headers.authorization);
    if (!purpose.success) throw new RemoteError('protocol', 'The caller does not say what it connects for');
    if (token === undefined) throw new RemoteError('no-ticket', 'The caller sent no Kerberos ticket');
    requireSameClock(headers[remoteHeader.clock], clock.now());
    requireTicketFor(spn, token);
    if (!isProofOf('caller', socket, spn, token, headers[remoteHeader.proof]))
      throw new RemoteError('relayed', "The caller's ticket belongs to another connection");
    const { principal, reply } = await kerberos.acceptToken({ spn, token });
    if (reply.length === 0)
      throw new RemoteError('not-mutual', `${principal} did not ask this server to prove itself`);
    const caller = await prove(principal);
    if (this.#stopping || socket.destroyed) throw new RemoteError('closed', 'The server stops');
    const answer = [
      `WWW-Authenticate: ${writeNegotiate(reply)}`,
      `${remoteHeader.proof}: ${proveToken('server', socket, spn, reply)}`,
      `${remoteHeader.account}: ${encodeURIComponent(caller.account)}`,
      `${remoteHeader.access}: ${caller.access}`,
    ];
    this.#gate.admit(socket);
    const addAnswer = (lines: string[]): void => {
      lines.push(...answer);
    };
    // Emitted within the upgrade, which is synchronous, and not at all where it is refused.
    this.#sockets.once('headers', addAnswer);
    this.#sockets.handleUpgrade(request, socket, head, (opened) => {
      const { remoteAddress = '', localAddress } = socket;
      const peer = `${caller.account} at ${remoteAddress}`;
      const port = new RemotePort(opened, { clock, peer, carriesSecrets: purpose.data === 'program' });
      const guest = { port, caller };
      this.#guests.add(guest);
      port.closed(() => this.#guests.delete(guest));
      events({ number: 7047, at: clock.now(), message: `${peer} connected, and may ${caller.access}` });
      accept(port, caller, remoteAddress !== localAddress);
    });
    this.#sockets.off('headers', addAnswer);
  }

  /** Turns away what a browser sends, and what was meant for another name (DNS rebinding). */
  #requireProgram({ headers, url }: IncomingMessage, socket: TLSSocket): void {
    const { spn } = this.#options;
    if (headers.origin !== undefined)
      throw new RemoteError('protocol', 'Pages of a browser may not connect here');
    const name = spn.slice(spn.indexOf('/') + 1).toLowerCase();
    const host = hostOf(headers.host ?? '');
    const isOwn = [name, name.split('.')[0]].includes(host);
    if (!isOwn && !(isIP(host) !== 0 && host === plainAddress(socket.localAddress)))
      throw new RemoteError('wrong-service', `This server is ${spn}, not ${host || 'nobody'}`);
    if (url !== remotePath) throw new RemoteError('protocol', 'There is nothing at this address');
    const protocols = (headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/);
    if (!protocols.includes(remoteProtocol))
      throw new RemoteError('version', `This server speaks ${remoteProtocol}`);
  }

  #scheduleProof(): void {
    const { clock, proofLifetime = usualProofLifetime } = this.#options;
    this.#cancelProof = clock.schedule(proofLifetime, () => void this.#proveAnew());
  }

  /** Ends the connection of whoever has another role by now; a directory that is away changes nothing. */
  async #proveAnew(): Promise<void> {
    for (const { port, caller } of [...this.#guests]) {
      try {
        const { access } = await this.#options.prove(caller.principal);
        if (access !== caller.access) port.close(`The role of ${caller.account} is now ${access}`);
      } catch (error) {
        if (error instanceof RemoteError && error.reason === 'no-role') port.close(error.message);
      }
    }
    if (this.#stopping) return;
    this.#scheduleProof();
  }
}

function requireSameClock(said: string | string[] | undefined, now: number): void {
  const clock = typeof said === 'string' && /^\d{1,15}$/.test(said) ? Number(said) : undefined;
  if (clock === undefined) throw new RemoteError('protocol', 'The caller does not tell its time');
  requireSameTime(clock, now);
}

function describeRefusal({ reason, event, words: message, fix = '' }: RemoteError): string {
  return `${JSON.stringify({ reason, event, message, fix })}\n`;
}

function hostOf(header: string): string {
  const bracketed = /^\[([^\]]+)\]/.exec(header)?.[1];
  return (bracketed ?? header.replace(/:\d+$/, '')).toLowerCase();
}

/** An IPv4 address that came over an IPv6 socket, as the caller wrote it. */
function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '').toLowerCase();
}
