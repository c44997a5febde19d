import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

import { ExportFailure } from '#identity/export-target.ts';
import type { FileEncoding } from '#shared/model/agent-file.ts';

import { encodeText } from './encode-text.ts';

/** What stands around the changes of an export file. */
export interface ExportFrame {
  /** What a new file begins with. */
  readonly header: string;
  /** What it ends with. */
  readonly footer?: string;
  /** Whether a file that begins otherwise takes no changes: its columns are not these. */
  readonly isHeaderFixed?: boolean;
}

interface OpenFile {
  readonly handle: FileHandle;
  /** Where the next change goes. */
  end: number;
}

/** A file that changes are added to, each on the disk before the next one. */
export class ExportFile {
  readonly #path: string;
  readonly #encoding: FileEncoding;
  readonly #frame: ExportFrame;
  #file: OpenFile | undefined;

  constructor(path: string, encoding: FileEncoding, frame: ExportFrame) {
    this.#path = path;
    this.#encoding = encoding;
    this.#frame = frame;
  }

  /** Adds one object's changes. Throws `ExportFailure`. */
  async append(dn: string, text: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const change = this.#encode(text, dn);
    const footer = this.#encode(this.#frame.footer ?? '', dn);
    try {
      this.#file ??= await this.#open();
      const { handle, end } = this.#file;
      await handle.write(Buffer.concat([change, footer]), 0, change.length + footer.length, end);
      await handle.datasync();
      this.#file.end = end + change.length;
    } catch (error) {
      if (error instanceof ExportFailure) throw error;
      throw this.#failure(`cannot be written: ${error instanceof Error ? error.message : error}`, error);
    }
  }

  async close(): Promise<void> {
    await this.#file?.handle.close();
    this.#file = undefined;
  }

  async #open(): Promise<OpenFile> {
    // Not for appending: what stands at the end is written anew behind each change.
    const handle = await open(this.#path, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      return { handle, end: await this.#findEnd(handle) };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async #findEnd(handle: FileHandle): Promise<number> {
    const header = this.#begin();
    const footer = this.#encode(this.#frame.footer ?? '', '');
    const { size } = await handle.stat();
    if (size === 0) {
      await handle.write(header, 0, header.length, 0);
      return header.length;
    }
    if (this.#frame.isHeaderFixed && !(await holds(handle, header, 0)))
      throw this.#failure('begins with other columns than the agent has now: move it away, and export again');
    if (!(await holds(handle, footer, size - footer.length)))
      throw this.#failure('does not end as a file of changes does: move it away, and export again');
    return size - footer.length;
  }

  /** The first bytes; two bytes a character need a mark that tells their order. */
  #begin(): Buffer {
    const isMarked = this.#encoding.startsWith('utf-16');
    return this.#encode(`${isMarked ? '\uFEFF' : ''}${this.#frame.header}`, '');
  }

  #encode(text: string, dn: string): Buffer {
    const bytes = encodeText(text, this.#encoding);
    if (bytes !== undefined) return bytes;
    throw new ExportFailure(
      'code-page-conversion',
      `${dn} has a character that ${this.#encoding} cannot write`,
    );
  }

  #failure(words: string, cause?: unknown): ExportFailure {
    return new ExportFailure('cd-error', `${this.#path} ${words}`, { result: 'stopped-export-write', cause });
  }
}

async function holds(handle: FileHandle, expected: Buffer, at: number): Promise<boolean> {
  if (expected.length === 0) return true;
  if (at < 0) return false;
  const found = Buffer.alloc(expected.length);
  const { bytesRead } = await handle.read(found, 0, found.length, at);
  return bytesRead === expected.length && found.equals(expected);
}
