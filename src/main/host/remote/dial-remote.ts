import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';

import { WebSocket } from 'ws';

import { type ChannelClock, wallClock } from '#channel/channel-clock.ts';
import { dialReceiver, type ReceiverTrust } from '#channel/dial-receiver.ts';
import { type KerberosPort, systemKerberos } from '#channel/kerberos-port.ts';
import { AppError } from '#shared/model/app-error.ts';
import { type Access, accessSchema } from '#shared/rpc/access.ts';
import { answerLimit } from '#shared/rpc/line-decoder.ts';
import type { Port } from '#shared/rpc/port.ts';

import { isRemoteReason, RemoteError } from './remote-error.ts';
import { RemotePort } from './remote-port.ts';
import {
  isProofOf,
  type Purpose,
  proveToken,
  readNegotiate,
  refusalSchema,
  remoteHeader,
  remotePath,
  remoteProtocol,
  remoteServiceClass,
  writeNegotiate,
} from './remote-protocol.ts';

/** How long connecting and signing in may take, milliseconds. */
const patience = 15_000;
/** Longest words of a refusal, bytes. */
const longestRefusal = 16_384;

export interface RemoteAddress {
  readonly host: string;
  readonly port: number;
  /** `CARILLON/<host>` where absent. */
  readonly spn?: string | undefined;
}

export interface DialRemoteOptions {
  readonly address: RemoteAddress;
  /** What makes the server's key the right one; its certificate has to be trusted by this computer where absent. */
  readonly trust?: ReceiverTrust | undefined;
  readonly purpose: Purpose;
  /** Which of several identities to use. */
  readonly principal?: string | undefined;
  /** Address of this computer to go out from. */
  readonly localAddress?: string | undefined;
  readonly kerberos?: KerberosPort | undefined;
  readonly clock?: ChannelClock | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A connection to a server on another computer; both ends are proven. */
export interface RemoteConnection {
  readonly port: Port;
  /** `DOMAIN\name` as the server knows the caller. */
  readonly account: string;
  readonly access: Access;
  readonly fingerprint: string;
}

export function describeAddress({ host, port }: RemoteAddress): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/**
 * Connects to the remote access of a server under the Kerberos tickets of this process. No ticket leaves before the key
 * at the other end is the trusted one. Throws `RemoteError`.
 */
export async function dialRemote(options: DialRemoteOptions): Promise<RemoteConnection> {
  const { address, trust = { serverName: address.host }, localAddress } = options;
  const late = AbortSignal.timeout(patience);
  const signal = options.signal === undefined ? late : AbortSignal.any([late, options.signal]);
  let socket: TLSSocket | undefined;
  try {
    let fingerprint = '';
    const onKey = (seen: string): void => {
      fingerprint = seen;
    };
    socket = await dialReceiver({ ...address, localAddress, onKey }, trust, signal);
    return { ...(await signIn(socket, options, signal)), fingerprint };
  } catch (error) {
    socket?.destroy();
    if (options.signal?.aborted === true) throw new AppError('cancelled', 'Interrupted', { cause: error });
    if (late.aborted)
      throw new RemoteError('timeout', `${describeAddress(address)} did not answer in time`, {
        cause: error,
      });
    throw RemoteError.from(error);
  }
}

async function signIn(
  socket: TLSSocket,
  { address, purpose, principal, kerberos = systemKerberos, clock = wallClock }: DialRemoteOptions,
  signal: AbortSignal,
): Promise<Omit<RemoteConnection, 'fingerprint'>> {
  const where = describeAddress(address);
  const spn = address.spn ?? `${remoteServiceClass}/${address.host}`;
  const initiator = await kerberos.openInitiator({ spn, principal });
  const token = await initiator.token();
  signal.throwIfAborted();
  const opening = new WebSocket(`ws://${where}${remotePath}`, remoteProtocol, {
    createConnection: () => socket,
    perMessageDeflate: false,
    maxPayload: answerLimit,
    headers: {
      Authorization: writeNegotiate(token),
      [remoteHeader.proof]: proveToken('caller', socket, spn, token),
      [remoteHeader.clock]: String(clock.now()),
      [remoteHeader.purpose]: purpose,
    },
  });
  const answer = await opened(opening, where, signal);
  const reply = readNegotiate(answer.headers['www-authenticate']);
  if (reply === undefined) throw new RemoteError('not-mutual', `${where} did not prove itself`);
  if (!isProofOf('server', socket, spn, reply, answer.headers[remoteHeader.proof]))
    throw new RemoteError('relayed', `The answer of ${where} belongs to another connection`);
  await initiator.finish(reply);
  const access = accessSchema.safeParse(answer.headers[remoteHeader.access]);
  if (!access.success) throw new RemoteError('version', `${where} grants a role that is not known here`);
  return {
    port: new RemotePort(opening, {
      clock,
      peer: where,
      carriesSecrets: purpose === 'program',
      longest: answerLimit,
    }),
    account: decodeURIComponent(String(answer.headers[remoteHeader.account] ?? '')),
    access: access.data,
  };
}

/** Resolves with the answer that opened the connection; the words of a refusal are thrown. */
function opened(socket: WebSocket, where: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    const fail = (error: unknown): void => {
      signal.removeEventListener('abort', onAbort);
      reject(error);
    };
    const onAbort = (): void => {
      socket.terminate();
      fail(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('upgrade', (response) => {
      answer = response;
    });
    socket.once('open', () => {
      signal.removeEventListener('abort', onAbort);
      if (answer === undefined) reject(new RemoteError('protocol', `${where} opened without an answer`));
      else resolve(answer);
    });
    socket.once('unexpected-response', (_request, response) => {
      readRefusal(response, where).then(fail, fail);
    });
    // Stays: an error that nobody listens to would end the process.
    socket.on('error', (cause) =>
      fail(new RemoteError('lost', `${where} ended the connection: ${cause.message}`, { cause })),
    );
  });
}

async function readRefusal(response: IncomingMessage, where: string): Promise<RemoteError> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestRefusal) break;
    chunks.push(chunk);
  }
  response.destroy();
  let said: unknown;
  try {
    said = JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    said = undefined;
  }
  const refusal = refusalSchema.safeParse(said);
  if (!refusal.success)
    return new RemoteError('protocol', `${where} answers with HTTP ${response.statusCode} and no reason`);
  const { reason, message, fix } = refusal.data;
  return new RemoteError(isRemoteReason(reason) ? reason : 'refused', `${where} refuses: ${message}`, {
    fix,
  });
}
