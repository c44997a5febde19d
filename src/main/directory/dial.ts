import { readFileSync } from 'node:fs';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

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
}

export interface DialedSocket {
  readonly socket: Socket;
  /** TLS, or a local socket. */
  readonly secure: boolean;
}

const trustFailures = /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|EPROTO|ERR_SSL|HOSTNAME/;

/** Opens the socket of a directory, protected as its URL says. Throws `LinkError` `unreachable`, `tls` or `timeout`. */
export function dial(endpoint: LdapEndpoint, signal?: AbortSignal): Promise<DialedSocket> {
  const url = parseUrl(endpoint.url);
  return new Promise((resolve, reject) => {
    const socket = open(url, endpoint);
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
    const onAbort = (): void => fail(new LinkError('aborted', `Connecting to ${endpoint.url} was given up`));
    const timer = setTimeout(
      () =>
        fail(new LinkError('timeout', `${endpoint.url} did not answer within ${endpoint.connectTimeout} ms`)),
      endpoint.connectTimeout,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    socket.once('error', (cause: NodeJS.ErrnoException) => {
      const tls = trustFailures.test(cause.code ?? '');
      const why = `${endpoint.url}: ${cause.message}`;
      fail(
        new LinkError(
          tls ? 'tls' : 'unreachable',
          tls ? `No protected connection to ${why}` : `No connection to ${why}`,
          { cause },
        ),
      );
    });
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
    minVersion: 'TLSv1.2',
    // SNI holds names only (RFC 6066 3).
    ...(isIP(name) === 0 && { servername: name }),
    ...(endpoint.caFile !== undefined && { ca: readCa(endpoint.caFile) }),
  });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  return socket;
}

function readCa(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new LinkError('tls', `The certificate authority file ${file} cannot be read`, { cause });
  }
}
