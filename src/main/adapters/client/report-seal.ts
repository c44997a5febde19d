import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { PasswordReport } from './adapter-work.ts';

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

/** Seals captured changes on disk. The key lies beside them, readable by the adapter's own account alone. */
export class ReportSeal {
  readonly #adapter: string;
  readonly #key: Uint8Array;

  /** Throws `AppError` `invalid_configuration` where the folder cannot be made or is open to others. */
  constructor(directory: string, adapter: string) {
    this.#adapter = adapter.toLowerCase();
    requireFolder(directory);
    const path = join(directory, keyFile);
    if (!existsSync(path)) {
      // A key that a kill cut short would open nothing, and be taken for the key ever after.
      writeFileSync(`${path}.new`, randomBytes(32), { mode: 0o600, flush: true });
      renameSync(`${path}.new`, path);
    }
    this.#key = readFileSync(path);
  }

  /** `name` is the file's: what is moved to another file or adapter no longer opens. */
  seal(name: string, report: KeptReport): Uint8Array {
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

  /** Throws where the file is not what was sealed under this name. The taker wipes the secrets. */
  open(name: string, file: Buffer): KeptReport {
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
