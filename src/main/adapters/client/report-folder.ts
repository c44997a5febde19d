import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { PasswordReport } from './adapter-work.ts';

const suffix = '.report';
const keyFile = 'reports.key';
const version = 1;
const nonceLength = 12;
const tagLength = 16;
const headSchema = z.strictObject({
  externalAccount: z.string().min(1),
  timestamp: z.int().min(0),
  trackingId: z.guid(),
  newLength: z.int().min(0),
  oldLength: z.int().min(0).optional(),
});

/** A captured change with the tracking id that it keeps however often it is sent. */
export interface KeptReport extends PasswordReport {
  readonly trackingId: string;
}

/**
 * Captured changes on disk until the server has dealt with them: one sealed file for each account, so that an adapter
 * that is killed, or whose server is, sends them when it runs again. The key lies beside them, readable by the
 * adapter's own account alone.
 */
export class ReportFolder {
  readonly #directory: string;
  readonly #adapter: string;
  readonly #key: Uint8Array;
  readonly #log: (line: string) => void;
  /** Tracking id of what each file is to hold in the end. */
  readonly #newest = new Map<string, string>();
  /** Work on each file, one after another. */
  readonly #turns = new Map<string, Promise<void>>();

  /** Throws `AppError` `invalid_configuration` where the folder cannot be made or is open to others. */
  constructor(directory: string, adapter: string, log: (line: string) => void) {
    this.#directory = directory;
    this.#adapter = adapter.toLowerCase();
    this.#log = log;
    requireFolder(directory);
    const path = join(directory, keyFile);
    if (!existsSync(path)) {
      // A key that a kill cut short would open nothing, and be taken for the key ever after.
      writeFileSync(`${path}.new`, randomBytes(32), { mode: 0o600, flush: true });
      renameSync(`${path}.new`, path);
    }
    this.#key = readFileSync(path);
  }

  /** What an earlier run left, oldest first. A file that does not open is set aside. The taker wipes the secrets. */
  read(): readonly KeptReport[] {
    const reports: KeptReport[] = [];
    for (const name of readdirSync(this.#directory)) {
      const path = join(this.#directory, name);
      if (name.endsWith('.new')) rmSync(path);
      if (!name.endsWith(suffix)) continue;
      try {
        const report = this.#open(name, readFileSync(path));
        this.#newest.set(name, report.trackingId);
        reports.push(report);
      } catch (error) {
        renameSync(path, `${path}.damaged`);
        this.#log(`${path} does not open and was set aside: ${error instanceof Error ? error.message : ''}`);
      }
    }
    return reports.toSorted((left, right) => left.timestamp - right.timestamp);
  }

  /** Resolves when the report is on disk, in the place of an older one of the account. The secrets stay the caller's. */
  save(report: KeptReport): Promise<void> {
    const name = nameOf(report.externalAccount);
    // At once: the secrets may be gone when it is this one's turn.
    const sealed = this.#seal(name, report);
    this.#newest.set(name, report.trackingId);
    return this.#inTurn(name, async () => {
      if (this.#newest.get(name) !== report.trackingId) return;
      const path = join(this.#directory, name);
      const handle = await open(`${path}.new`, 'w', 0o600);
      try {
        await handle.writeFile(sealed);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(`${path}.new`, path);
      await this.#syncFolder();
    });
  }

  /** Deletes what the server has dealt with, unless a newer change of the account took its place. */
  async forget({ externalAccount, trackingId }: KeptReport): Promise<void> {
    const name = nameOf(externalAccount);
    if (this.#newest.get(name) !== trackingId) return;
    this.#newest.delete(name);
    await this.#inTurn(name, async () => {
      if (!this.#newest.has(name)) await rm(join(this.#directory, name), { force: true });
    });
  }

  async #syncFolder(): Promise<void> {
    // A folder cannot be opened on Windows, where a rename is on disk once it returns.
    if (process.platform === 'win32') return;
    const folder = await open(this.#directory, 'r');
    await folder.sync().finally(() => folder.close());
  }

  #inTurn(name: string, work: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(name) ?? Promise.resolve();
    const own = before.then(work, work);
    this.#turns.set(name, own);
    const end = (): void => {
      if (this.#turns.get(name) === own) this.#turns.delete(name);
    };
    own.then(end, end);
    return own;
  }

  #seal(name: string, report: KeptReport): Uint8Array {
    const { externalAccount, timestamp, trackingId, password, oldPassword } = report;
    const head = Buffer.from(
      JSON.stringify({
        ...{ externalAccount, timestamp, trackingId, newLength: password.length },
        ...(oldPassword === undefined ? {} : { oldLength: oldPassword.length }),
      }),
    );
    const length = Buffer.alloc(4);
    length.writeUInt32BE(head.length);
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(this.#place(name));
    const pieces = [length, head, password.bytes, oldPassword?.bytes ?? Buffer.alloc(0)];
    const sealed = pieces.map((piece) => cipher.update(piece));
    return Buffer.concat([Buffer.from([version]), nonce, ...sealed, cipher.final(), cipher.getAuthTag()]);
  }

  #open(name: string, file: Buffer): KeptReport {
    if (file[0] !== version || file.length < 1 + nonceLength + tagLength + 4)
      throw new AppError('damaged', 'It is no report of this version');
    const nonce = file.subarray(1, 1 + nonceLength);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce);
    decipher.setAAD(this.#place(name)).setAuthTag(file.subarray(-tagLength));
    using content = SecretBytes.allocate(file.length - 1 - nonceLength - tagLength);
    const plain = decipher.update(file.subarray(1 + nonceLength, -tagLength));
    content.bytes.set(plain);
    plain.fill(0);
    decipher.final();
    const { bytes } = content;
    const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    const { newLength, oldLength, ...facts } = headSchema.parse(
      JSON.parse(new TextDecoder().decode(bytes.subarray(4, end))),
    );
    const middle = end + newLength;
    return {
      ...facts,
      password: SecretBytes.copy(bytes.subarray(end, middle)),
      ...(oldLength === undefined
        ? {}
        : { oldPassword: SecretBytes.copy(bytes.subarray(middle, middle + oldLength)) }),
    };
  }

  /** A file moved to another account or adapter no longer opens. */
  #place(name: string): Uint8Array {
    return new TextEncoder().encode(`adapter report\n${this.#adapter}\n${name}`);
  }
}

function requireFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new AppError('invalid_configuration', `The folder ${directory} for reports cannot be made`, {
      fix: 'Name one that the adapter may write in "reportDirectory".',
      cause,
    });
  }
  const { mode, uid } = statSync(directory);
  if (process.platform === 'win32' || ((mode & 0o077) === 0 && uid === process.geteuid?.())) return;
  throw new AppError('invalid_configuration', `The folder ${directory} is open to others`, {
    fix: `Give it to the adapter's account alone: chmod 700 ${directory}`,
  });
}

/** Whatever letters an account has, its file has a name that every disk takes. */
function nameOf(account: string): string {
  return `${createHash('sha256').update(account).digest('hex')}${suffix}`;
}
