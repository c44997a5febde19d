import { createInterface } from 'node:readline/promises';

import type { RemoteAddress } from '#host/remote/dial-remote.ts';
import { describeAddress } from '#host/remote/dial-remote.ts';
import { KnownServers, knownServerFiles } from '#host/remote/known-servers.ts';
import { reachServer, tryParseServer } from '#host/remote/reach-server.ts';
import { RemoteError } from '#host/remote/remote-error.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Port } from '#shared/rpc/port.ts';

import type { Terminal } from './terminal.ts';

/** The servers that this user knows. */
export function openKnownServers(env: NodeJS.ProcessEnv): KnownServers {
  return new KnownServers(knownServerFiles(env).own);
}

/** The default of all users of the computer. */
export function openCommonServers(env: NodeJS.ProcessEnv): KnownServers {
  return new KnownServers(knownServerFiles(env).everybody, 0o644);
}

/** The server that single sign-on tools talk to: the user's own choice before that of the computer. */
export function findDefaultServer(env: NodeJS.ProcessEnv): string | undefined {
  const place = openKnownServers(env).default ?? openCommonServers(env).default;
  return place === undefined ? undefined : describeAddress(place);
}

/** Throws `AppError` `invalid_input` where the text names no server. */
export function parseServer(text: string): RemoteAddress {
  const address = tryParseServer(text);
  if (address !== undefined) return address;
  throw new AppError('invalid_input', `"${text}" is no server`, { fix: 'Write it as host or host:port.' });
}

/** Connects under the Kerberos tickets of this process; asks once for a key that nobody has compared yet. */
export async function dialServer(
  terminal: Terminal,
  server: string,
  purpose: 'program' | 'console',
): Promise<Port> {
  const address = parseServer(server);
  const known = openKnownServers(terminal.env);
  const options = { address, purpose, signal: terminal.interrupted };
  try {
    return (await reachServer(known, options)).port;
  } catch (error) {
    if (!(error instanceof RemoteError) || error.reason !== 'certificate-not-trusted') throw error;
    if (!terminal.stdin.isTTY || error.fingerprint === undefined) throw error;
    await askToTrust(terminal, known, address, error.fingerprint);
    return (await reachServer(known, options)).port;
  }
}

/** Has the key of a server compared by the person in front, and remembers it. Throws `AppError` where it is not trusted. */
export async function askToTrust(
  terminal: Terminal,
  known: KnownServers,
  address: RemoteAddress,
  fingerprint: string,
): Promise<void> {
  const { stdin, stderr, interrupted } = terminal;
  const where = describeAddress(address);
  stderr.write(
    `The key of ${where} is not known here. Its fingerprint is\n  ${fingerprint}\n"carillon status" on the server prints the right one.\n`,
  );
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const said = await lines.question('Are the two the same? (yes/no) ', { signal: interrupted });
    if (said.trim().toLowerCase() !== 'yes')
      throw new AppError('cancelled', `The key of ${where} was not trusted`);
  } finally {
    lines.close();
  }
  known.trust(address, fingerprint);
}
