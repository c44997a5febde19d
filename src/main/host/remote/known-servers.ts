import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import { tryParsePin } from '#channel/key-pin.ts';
import { AppError } from '#shared/model/app-error.ts';

import { writeAtomically } from '../configuration/write-atomically.ts';
import type { RemoteAddress } from './dial-remote.ts';

/** Servers that the file keeps at most; the one that was not used for longest goes. */
const capacity = 200;

const serverSchema = z.strictObject({
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535),
  /** `sha256/<base64>` of the key that somebody compared and trusted; absent where an authority vouches for it. */
  fingerprint: z.string().optional(),
  /** Milliseconds since 1970 UTC. */
  usedAt: z.int().optional(),
});
export type KnownServer = z.infer<typeof serverSchema>;

const fileSchema = z.strictObject({
  /** The server that single sign-on tools talk to where nothing else is said. */
  default: z.strictObject({ host: z.string(), port: z.int() }).optional(),
  servers: z.array(serverSchema).max(capacity).default([]),
});

type Place = Pick<RemoteAddress, 'host' | 'port'>;

/**
 * The servers that a user has connected to, and the keys that were trusted; no secret. A key never comes from a console
 * file or from the server itself: who sends either could be anybody.
 */
export class KnownServers {
  readonly path: string;
  readonly #mode: number;

  constructor(path: string, mode = 0o600) {
    this.path = path;
    this.#mode = mode;
  }

  /** Most recently used first. */
  get all(): readonly KnownServer[] {
    return this.#read().servers.toSorted((left, right) => (right.usedAt ?? 0) - (left.usedAt ?? 0));
  }

  get default(): Place | undefined {
    return this.#read().default;
  }

  find(place: Place): KnownServer | undefined {
    return this.#read().servers.find((known) => isSamePlace(known, place));
  }

  /** Throws `AppError` `invalid_input` where the fingerprint is none. */
  trust(place: Place, fingerprint: string): void {
    const pin = tryParsePin(fingerprint);
    if (pin === undefined)
      throw new AppError('invalid_input', `"${fingerprint}" is no fingerprint`, {
        fix: 'Give it as the server prints it: sha256/ and 44 characters.',
      });
    this.#put(place, { fingerprint: pin });
  }

  noteUse(place: Place, at: number): void {
    this.#put(place, { usedAt: at });
  }

  forget(place: Place): boolean {
    const file = this.#read();
    const servers = file.servers.filter((known) => !isSamePlace(known, place));
    if (servers.length < file.servers.length) this.#write({ ...file, servers });
    return servers.length < file.servers.length;
  }

  setDefault(place: Place | undefined): void {
    const { servers } = this.#read();
    this.#write({
      ...(place === undefined ? {} : { default: { host: place.host, port: place.port } }),
      servers,
    });
  }

  #put({ host, port }: Place, more: Partial<KnownServer>): void {
    const file = this.#read();
    const before = file.servers.find((known) => isSamePlace(known, { host, port }));
    const others = file.servers
      .filter((known) => known !== before)
      .toSorted((left, right) => (right.usedAt ?? 0) - (left.usedAt ?? 0))
      .slice(0, capacity - 1);
    this.#write({ ...file, servers: [{ ...before, host, port, ...more }, ...others] });
  }

  #read(): z.infer<typeof fileSchema> {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return { servers: [] };
      throw new AppError('unavailable', `The known servers in ${this.path} cannot be read`, { cause });
    }
    try {
      return fileSchema.parse(JSON.parse(text));
    } catch (cause) {
      throw new AppError('damaged', `${this.path} does not hold known servers`, {
        cause,
        fix: 'Mend it or move it away; servers are asked for their keys anew then.',
      });
    }
  }

  #write(file: z.infer<typeof fileSchema>): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeAtomically(this.path, `${JSON.stringify(file, null, 2)}\n`);
    if (this.#mode !== 0o600) chmodSync(this.path, this.#mode);
  }
}

/** The file of the user, and that of all users of the computer, which names a default only. */
export function knownServerFiles(env: NodeJS.ProcessEnv = process.env): {
  readonly own: string;
  readonly everybody: string;
} {
  const name = 'servers.json';
  if (process.platform === 'win32')
    return {
      own: join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Carillon', name),
      everybody: join(env['ProgramData'] ?? 'C:\\ProgramData', 'Carillon', name),
    };
  const own =
    process.platform === 'darwin' && env['XDG_CONFIG_HOME'] === undefined
      ? join(homedir(), 'Library', 'Application Support', 'Carillon')
      : join(env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? homedir(), '.config'), 'carillon');
  return { own: join(own, name), everybody: join('/etc/carillon', name) };
}

function isSamePlace(left: Place, right: Place): boolean {
  return left.host.toLowerCase() === right.host.toLowerCase() && left.port === right.port;
}
