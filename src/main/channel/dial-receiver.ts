import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';

import { ChannelError } from './channel-error.ts';
import { pinOf, tryParsePin } from './key-pin.ts';
import { tlsSettings } from './tls-settings.ts';

/** What makes a receiver's TLS key the right one: it is pinned, or an authority vouches for a name. */
export type ReceiverTrust =
  | { readonly pin: string }
  | {
      /** Name that the certificate must carry. */
      readonly serverName: string;
      /** Authorities, PEM; the system's own list where absent. */
      readonly caFile?: string | undefined;
    };

export interface ReceiverAddress {
  readonly host: string;
  readonly port: number;
  /** Address of this computer to go out from. */
  readonly localAddress?: string | undefined;
  /** Told the fingerprint of the key at the other end, before it is judged: Node gives its certificate out only once. */
  readonly onKey?: ((fingerprint: string) => void) | undefined;
}

/**
 * Opens a TLS 1.3 connection to the receiver whose key is the trusted one; nothing was sent on it yet.
 * Throws `ChannelError`.
 */
export async function dialReceiver(
  { host, port, localAddress, onKey }: ReceiverAddress,
  trust: ReceiverTrust,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const where = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const name = 'pin' in trust ? host : trust.serverName;
  const requirement = readTrust(trust);
  signal.throwIfAborted();
  const socket = connect({
    ...tlsSettings,
    host,
    port,
    ...(localAddress !== undefined && { localAddress }),
    // SNI holds names only (RFC 6066 3).
    ...(isIP(name) === 0 && { servername: name }),
    ...(requirement.ca !== undefined && { ca: requirement.ca }),
    // Node's verdict is read in judge(), before a byte is sent, so that the refusal can name what was seen.
    rejectUnauthorized: false,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
  });
  try {
    await connected(socket, where, signal);
    judge(socket, requirement.pin, where, onKey);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  return socket;
}

function connected(socket: TLSSocket, where: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const settle = (end: () => void) => (): void => {
      signal.removeEventListener('abort', onAbort);
      end();
    };
    socket.once('secureConnect', settle(resolve));
    // Stays for good: an error of a socket that nobody listens to would end the process. `close` tells the rest.
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      signal.removeEventListener('abort', onAbort);
      reject(explain(cause, where));
    });
    socket.once(
      'close',
      settle(() => reject(new ChannelError('lost', `${where} closed the connection`))),
    );
  });
}

/** Throws unless the key at the other end is the trusted one. */
function judge(
  socket: TLSSocket,
  pin: string | undefined,
  where: string,
  onKey: ReceiverAddress['onKey'],
): void {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined || socket.getProtocol() !== 'TLSv1.3')
    throw new ChannelError('protocol', `${where} does not speak TLS 1.3 with a certificate`);
  const seen = pinOf(certificate);
  onKey?.(seen);
  if (pin !== undefined) {
    if (seen === pin) return;
    throw new ChannelError('pin-mismatch', `${where} has another key: expected ${pin}, seen ${seen}`, {
      fingerprint: seen,
    });
  }
  if (socket.authorized) return;
  throw new ChannelError(
    'certificate-not-trusted',
    `The certificate of ${where} is not trusted: ${String(socket.authorizationError)}; its fingerprint is ${seen}`,
    { fingerprint: seen },
  );
}

function readTrust(trust: ReceiverTrust): { readonly pin?: string; readonly ca?: Buffer } {
  if ('pin' in trust) {
    const pin = tryParsePin(trust.pin);
    if (pin !== undefined) return { pin };
    throw new ChannelError('misconfigured', `"${trust.pin}" is no fingerprint`, {
      fix: 'Give it as the receiver prints it: sha256/ and 44 characters.',
    });
  }
  if (trust.caFile === undefined) return {};
  try {
    return { ca: readFileSync(trust.caFile) };
  } catch (cause) {
    throw new ChannelError('misconfigured', `The authorities in ${trust.caFile} cannot be read`, { cause });
  }
}

function explain(cause: NodeJS.ErrnoException, where: string): ChannelError {
  const code = cause.code ?? '';
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/.test(code))
    return new ChannelError('protocol', `${where} does not speak TLS 1.3`, { cause });
  if (/^ERR_SSL|EPROTO/.test(code))
    return new ChannelError('protocol', `${where} does not speak TLS: ${cause.message}`, { cause });
  const why = code === 'ECONNREFUSED' ? 'nobody listens there' : cause.message;
  return new ChannelError('unreachable', `No connection to ${where}: ${why}`, { cause });
}
