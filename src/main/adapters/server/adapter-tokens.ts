import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ProtocolError } from '../protocol/protocol-error.ts';

const suffix = '.token';

/**
 * The access accounts of adapters: whoever may read an adapter's token file is the adapter. The file belongs to the
 * account that the adapter runs as, and to nobody else.
 */
export class AdapterTokens {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  fileOf(adapter: string): string {
    return join(this.#directory, `${adapter.toLowerCase()}${suffix}`);
  }

  /** Gives each adapter a token that has none, and takes away those of adapters that are gone. */
  prepare(adapters: readonly string[]): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const wanted = new Set(adapters.map((adapter) => this.fileOf(adapter)));
    for (const name of readdirSync(this.#directory)) {
      const file = join(this.#directory, name);
      if (name.endsWith(suffix) && !wanted.has(file)) rmSync(file);
    }
    for (const file of wanted) {
      if (existsSync(file)) continue;
      writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    }
  }

  /** Throws `ProtocolError` 10653 where the token is not the adapter's, or where others could have read it. */
  require(adapter: string, token: string): void {
    const file = this.fileOf(adapter);
    const known = tryRead(file);
    if (known === undefined) throw refused(`The token file ${file} cannot be read`);
    // On Windows the access list of the folder decides; there is no mode to look at.
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
      throw refused(`The token file ${file} can be read by others; chmod 600 and have a new one made`);
    const [said, expected] = [Buffer.from(token.trim()), Buffer.from(known.trim())];
    if (said.length !== expected.length || !timingSafeEqual(said, expected))
      throw refused(`The token of "${adapter}" is wrong`);
  }
}

function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function refused(message: string): ProtocolError {
  return new ProtocolError(10653, message);
}
