import { readFileSync } from 'node:fs';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect as connectTls,
  createSecureContext,
  getCACertificates,
  type SecureContext,
} from 'node:tls';

import { LinkError } from './link-error.ts';

/** Where a directory is and how its certificate is checked. */
export interface LdapEndpoint {
  /** `ldaps://host:port`, `ldap://host:port` or `ldapi://%2Fpath%2Fto%2Fsocket`. */
  readonly url: string;
  /** Trusted authority, PEM file; the system's own list where absent. */
  readonly caFile?: string | undefined;
  /** Name that the certificate must carry, where it differs from the host. */
  readonly serverName?: string | undefined;
  /** Milliseconds until a connection must stand. */
  readonly connectTimeout: number;
  /** Largest answer that is read, bytes; 64 MiB where absent. */
  readonly largestMessage?: number | undefined;
}

export interface DialedSocket {
  readonly socket: Socket;
  /** TLS, or a local socket. */
  readonly secure: boolean;
}

const trustFailures = /CERT|SELF_SIGNED|UNABLE_TO|INVALID_CA|ERR_TLS|EPROTO|ERR_SSL|HOSTNAME/;

/** Opens the socket of a directory, protected as its URL says. Throws `LinkError` `unreachable`, `tls` or `timeout`. */
export async function dial(endpoint: LdapEndpoint, signal?: AbortSignal): Promise<DialedSocket> {
  const url = parseUrl(endpoint.url);
  if (signal?.aborted) throw givenUp(endpoint);
  const socket = open(url, endpoint);
  return new Promise((resolve, reject) => {
    const ready = url.protocol === 'ldaps:' ? 'secureConnect' : 'connect';
    const finish = (end: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeAllListeners('error');
      end();
    };
    const fail = (error: LinkError): void =>
      finish(() => {
        // A late error of a socket that nobody holds must not end the process.
        socket.on('error', () => undefined);
        socket.destroy();
        reject(error);
      });
    const onAbort = (): void => fail(givenUp(endpoint));
    const timer = setTimeout(
      () =>
        fail(new LinkError('timeout', `${endpoint.url} did not answer within ${endpoint.connectTimeout} ms`)),
      endpoint.connectTimeout,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('error', (cause: NodeJS.ErrnoException) => fail(toLinkError(endpoint, cause)));
    socket.once(ready, () => finish(() => resolve({ socket, secure: url.protocol !== 'ldap:' })));
  });
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^ldap[si]?:$/.test(url.protocol) || url.hostname === '')
    throw new LinkError('unreachable', `"${text}" is no address of a directory`);
  return url;
}

function open(url: URL, endpoint: LdapEndpoint): Socket {
  if (url.protocol === 'ldapi:') return connectPlain({ path: decodeURIComponent(url.hostname) });
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (url.protocol === 'ldaps:' ? 636 : 389));
  if (url.protocol === 'ldap:') return connectPlain({ host, port, noDelay: true, keepAlive: true });
  const name = endpoint.serverName ?? host;
  const socket = connectTls({
    host,
    port,
    secureContext: trust(endpoint.caFile),
    // SNI holds names only (RFC 6066 3).
    ...(isIP(name) === 0 && { servername: name }),
    // Always the configured name: Node takes the address that it dialed where SNI is left out.
    checkServerIdentity: (_dialed, certificate) => checkServerIdentity(name, certificate),
  });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  return socket;
}

const minVersion = 'TLSv1.2';
/** Made once: it parses some hundred certificates. */
let systemTrust: SecureContext | undefined;

/** Trusts only the configured authority where there is one: a public one then vouches for nothing. */
function trust(file: string | undefined): SecureContext {
  if (file === undefined) {
    const ca = () => [...getCACertificates('default'), ...getCACertificates('system')];
    systemTrust ??= createSecureContext({ minVersion, ca: ca() });
    return systemTrust;
  }
  try {
    return createSecureContext({ minVersion, ca: readFileSync(file) });
  } catch (cause) {
    throw new LinkError('tls', `The certificate authority file ${file} cannot be read`, { cause });
  }
}

function toLinkError({ url }: LdapEndpoint, cause: NodeJS.ErrnoException): LinkError {
  const isTls = trustFailures.test(cause.code ?? '');
  return new LinkError(
    isTls ? 'tls' : 'unreachable',
    `${isTls ? 'No protected connection' : 'No connection'} to ${url}: ${wordsOf(cause)}`,
    { cause },
  );
}

/** Without Node's own advice for programmers; a host with several addresses fails with one error for each. */
function wordsOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(wordsOf).join(', ');
  return cause instanceof Error ? (cause.message.split(';')[0] ?? '') : String(cause);
}

function givenUp({ url }: LdapEndpoint): LinkError {
  return new LinkError('aborted', `Connecting to ${url} was given up`);
}
