import { createHmac } from 'node:crypto';

import type { Seal, SealContext } from '#engine/seal.ts';
import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { decrypt, encryptInto, sealOverhead } from './authenticated-cipher.ts';
import type { KeyRing } from './key-ring.ts';

/** Sealed bytes: format 1 | key version, 32 bits | nonce | ciphertext | tag. */
const format = 1;
const headerLength = 5;
/** Plaintext: length, 16 bits | secret | zeros up to a whole block, so that the length does not show. */
const lengthPrefix = 2;
const block = 32;
const longest = 0xffff;

const encoder = new TextEncoder();

/** Seals passwords at rest with AES-256-GCM under the ring's active key. */
export class SealedBox implements Seal {
  readonly #ring: KeyRing;
  readonly #digestKey: SecretBytes;

  constructor(ring: KeyRing) {
    this.#ring = ring;
    this.#digestKey = ring.derive('digest');
  }

  seal(secret: SecretBytes, context: SealContext): Uint8Array<ArrayBuffer> {
    if (secret.length > longest) {
      throw new AppError('invalid_input', `A secret of ${secret.length} bytes is longer than ${longest}`);
    }
    using padded = pad(secret);
    const version = this.#ring.current;
    const sealed = new Uint8Array(headerLength + sealOverhead + padded.length);
    const view = new DataView(sealed.buffer);
    view.setUint8(0, format);
    view.setUint32(1, version);
    encryptInto(
      sealed.subarray(headerLength),
      this.#ring.sealingKey(),
      padded,
      associatedData(version, context),
    );
    return sealed;
  }

  open(sealed: Uint8Array, context: SealContext): SecretBytes {
    const version = sealedVersion(sealed);
    const key = this.#ring.openingKey(version);
    if (key === undefined) throw damaged(context, `key ${version} is gone`);
    using padded = decrypt(key, sealed.subarray(headerLength), associatedData(version, context));
    if (padded === undefined) throw damaged(context, 'it was altered or belongs to something else');
    return unpad(padded);
  }

  digest(secret: SecretBytes): Uint8Array<ArrayBuffer> {
    return new Uint8Array(createHmac('sha256', this.#digestKey.bytes).update(secret.bytes).digest());
  }

  /** Wipes the digest key; the ring's keys are the ring's. */
  close(): void {
    this.#digestKey.wipe();
  }
}

/** The version of the key that sealed these bytes. */
export function sealedVersion(sealed: Uint8Array): number {
  if (sealed.length < headerLength + sealOverhead || sealed[0] !== format) {
    throw new AppError('damaged', 'Not a sealed secret of a known format');
  }
  return new DataView(sealed.buffer, sealed.byteOffset, headerLength).getUint32(1);
}

function pad(secret: SecretBytes): SecretBytes {
  const used = lengthPrefix + secret.length;
  const padded = SecretBytes.allocate(Math.ceil(used / block) * block);
  new DataView(padded.bytes.buffer).setUint16(0, secret.length);
  padded.bytes.set(secret.bytes, lengthPrefix);
  return padded;
}

function unpad(padded: SecretBytes): SecretBytes {
  const { bytes } = padded;
  const length = new DataView(bytes.buffer).getUint16(0);
  return SecretBytes.copy(bytes.subarray(lengthPrefix, lengthPrefix + length));
}

/** Every part with its length before it, so that no two contexts give the same bytes. */
function associatedData(version: number, context: SealContext): Uint8Array {
  const parts = [context.trackingId, context.account, context.target, `${context.sequence}`, `${version}`];
  return encoder.encode(parts.map((part) => `${part.length}:${part}`).join(''));
}

function damaged(context: SealContext, why: string): AppError {
  return new AppError('damaged', `The sealed secret of ${context.account} does not open: ${why}`, {
    fix: 'Set the password again in its source; a sealed secret that was altered stays closed.',
  });
}
