import { dialReceiver } from '#channel/dial-receiver.ts';

import {
  type DialRemoteOptions,
  describeAddress,
  dialRemote,
  type RemoteAddress,
  type RemoteConnection,
} from './dial-remote.ts';
import type { KnownServers } from './known-servers.ts';
import { RemoteError } from './remote-error.ts';
import { remotePort } from './remote-protocol.ts';

/** What a server shows before anything is sent to it. */
export interface ServerKey {
  readonly fingerprint: string;
  /** `unknown`: nobody has compared it yet. `changed`: another one was trusted before. */
  readonly state: 'trusted' | 'unknown' | 'changed';
  /** The one that was trusted before. */
  readonly expected?: string | undefined;
}

/** Connects to a server whose key is known here, or vouched for by an authority of this computer. Throws `RemoteError`. */
export async function reachServer(
  known: KnownServers,
  options: Omit<DialRemoteOptions, 'trust'>,
): Promise<RemoteConnection> {
  const { address } = options;
  const pin = known.find(address)?.fingerprint;
  try {
    const connection = await dialRemote({ ...options, ...(pin === undefined ? {} : { trust: { pin } }) });
    known.noteUse(address, Date.now());
    return connection;
  } catch (error) {
    if (!(error instanceof RemoteError) || error.reason !== 'certificate-not-trusted') throw error;
    const where = describeAddress(address);
    throw new RemoteError(
      'certificate-not-trusted',
      `The key of ${where} is not known here: ${error.fingerprint}`,
      {
        cause: error,
        fingerprint: error.fingerprint,
        fix: `Compare the fingerprint with the one that "carillon status" prints on the server, and trust it once: in File > Connect to a Server, or with carillon servers trust ${where} ${error.fingerprint}`,
      },
    );
  }
}

/** Looks at the key of a server without signing in. Throws `RemoteError`. */
export async function probeServer(known: KnownServers, address: RemoteAddress): Promise<ServerKey> {
  const expected = known.find(address)?.fingerprint;
  const trust = expected === undefined ? { serverName: address.host } : { pin: expected };
  try {
    let fingerprint = '';
    const onKey = (seen: string): void => {
      fingerprint = seen;
    };
    const socket = await dialReceiver({ ...address, onKey }, trust, AbortSignal.timeout(10_000));
    socket.destroy();
    return { fingerprint, state: 'trusted' };
  } catch (cause) {
    const error = RemoteError.from(cause);
    if (!(error instanceof RemoteError) || error.fingerprint === undefined)
      throw error instanceof RemoteError
        ? error
        : new RemoteError('timeout', `${describeAddress(address)} did not answer in time`, { cause });
    const { fingerprint } = error;
    return expected === undefined
      ? { fingerprint, state: 'unknown' }
      : { fingerprint, state: 'changed', expected };
  }
}

/** Reads `host`, `host:port` or `[address]:port`. Undefined where it is neither. */
export function tryParseServer(text: string): RemoteAddress | undefined {
  const match =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9])?))(?::(\d{1,5}))?$/.exec(
      text.trim(),
    );
  const port = match?.[3] === undefined ? remotePort : Number(match[3]);
  const host = match?.[1] ?? match?.[2];
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}
