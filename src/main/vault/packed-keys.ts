import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { LoadedKey } from './key-ring.ts';

const format = 1;
const keyLength = 32;
/** Version, state, made at, retired at, uses, and the key. */
const recordLength = 4 + 1 + 8 + 8 + 4 + keyLength;
const states = ['root', 'active', 'retired'] as const;

/** Keys as one secret, for the channel between servers; the caller wipes both. */
export function packKeys(keys: readonly LoadedKey[]): SecretBytes {
  const packed = SecretBytes.allocate(1 + keys.length * recordLength);
  const view = new DataView(packed.bytes.buffer);
  view.setUint8(0, format);
  for (const [index, { version, state, createdAt, retiredAt, uses, key }] of keys.entries()) {
    const at = 1 + index * recordLength;
    view.setUint32(at, version);
    view.setUint8(at + 4, states.indexOf(state));
    view.setBigUint64(at + 5, BigInt(createdAt));
    view.setBigUint64(at + 13, BigInt(retiredAt ?? 0));
    view.setUint32(at + 21, Math.min(uses, 0xffff_ffff));
    packed.bytes.set(key.bytes, at + 25);
  }
  return packed;
}

/** Takes keys apart, which the caller wipes. Throws `AppError` `damaged` for what is no master secret. */
export function unpackKeys(packed: SecretBytes): readonly LoadedKey[] {
  const { buffer, byteLength } = packed.bytes;
  const count = (byteLength - 1) / recordLength;
  const view = new DataView(buffer, packed.bytes.byteOffset, byteLength);
  if (!Number.isInteger(count) || count < 2 || view.getUint8(0) !== format) throw noSecret();
  const keys: LoadedKey[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = 1 + index * recordLength;
    const state = states[view.getUint8(at + 4)];
    if (state === undefined) {
      for (const { key } of keys) key.wipe();
      throw noSecret();
    }
    keys.push({
      version: view.getUint32(at),
      state,
      createdAt: Number(view.getBigUint64(at + 5)),
      retiredAt: state === 'retired' ? Number(view.getBigUint64(at + 13)) : undefined,
      uses: view.getUint32(at + 21),
      key: SecretBytes.copy(packed.bytes.subarray(at + 25, at + recordLength)),
    });
  }
  return keys;
}

function noSecret(): AppError {
  return new AppError('damaged', 'What the master secret server sent is no master secret', {
    fix: 'Run the same version on every server of the system.',
  });
}
