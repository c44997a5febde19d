import { readFileSync } from 'node:fs';

import type { SnapshotSource } from '#shared/contract/snapshots.ts';
import { AppError } from '#shared/model/app-error.ts';

import { readText } from './text-file.ts';

/** Characters of a snapshot that one message takes. */
const longestText = 3_500_000;

/** What a source can be, for a command's help. */
export const sourceWords = '"now", a moment number of the history, or a snapshot file';

export function isServed(source: string): boolean {
  return source === 'now' || /^\d{1,9}$/.test(source);
}

export function sourceOf(source: string): SnapshotSource {
  if (source === 'now') return { kind: 'running' };
  if (/^\d{1,9}$/.test(source)) return { kind: 'moment', id: momentId(source) };
  const text = readSource(source);
  if (text.length > longestText)
    throw new AppError('invalid_input', `${source} is too large for one message to the service`, {
      fix: 'Compare it with another file; that needs no service.',
    });
  return { kind: 'text', name: source, text };
}

/** The text of a snapshot file. */
export function readSource(file: string): string {
  return readText(file, `A source is ${sourceWords}.`);
}

export function momentId(text: string): number {
  const id = Number(text);
  if (Number.isInteger(id) && id > 0) return id;
  throw new AppError('invalid_input', `"${text}" is no moment`, {
    fix: 'Take a number from "carillon snapshot history".',
  });
}

export function parseTime(text: string): number {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new AppError('invalid_input', `"${text}" is no time`, { fix: 'Write it like 2026-03-01T14:00.' });
}

export function readMapping(file: string): unknown {
  try {
    return JSON.parse(readText(file));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('invalid_input', `${file} is not JSON`, { cause });
  }
}

export async function signText(text: string, keyFile: string): Promise<string> {
  const { parseSnapshot } = await import('#exchange/snapshot/parse-snapshot.ts');
  const { signSnapshot } = await import('#exchange/snapshot/snapshot-signature.ts');
  const { formatSnapshot } = await import('#exchange/snapshot/snapshot.ts');
  const key = readBytes(keyFile);
  try {
    return formatSnapshot(signSnapshot(parseSnapshot(text), key));
  } finally {
    key.fill(0);
  }
}

function readBytes(file: string): Uint8Array<ArrayBuffer> {
  try {
    const bytes = readFileSync(file);
    const own = new Uint8Array(new ArrayBuffer(bytes.length));
    own.set(bytes);
    bytes.fill(0);
    return own;
  } catch (cause) {
    throw new AppError('not_found', `${file} cannot be read`, { cause });
  }
}
