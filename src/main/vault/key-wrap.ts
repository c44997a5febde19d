import { createHmac, timingSafeEqual } from 'node:crypto';

import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { decrypt, deriveKey, encryptInto, keyLength, sealOverhead } from './authenticated-cipher.ts';

/** Wraps a vault key under the keeper's key; the version is bound to it. */
export function wrapKey(kept: SecretBytes, key: SecretBytes, version: number): Uint8Array<ArrayBuffer> {
  using wrapping = deriveKey(kept, 'wrap');
  const wrapped = new Uint8Array(sealOverhead + keyLength);
  encryptInto(wrapped, wrapping, key, associatedData(version));
  return wrapped;
}

/** Undefined when the keeper's key, the bytes and the version do not belong together. */
export function unwrapKey(kept: SecretBytes, wrapped: Uint8Array, version: number): SecretBytes | undefined {
  using wrapping = deriveKey(kept, 'wrap');
  return decrypt(wrapping, wrapped, associatedData(version));
}

/** Recognises the keeper's key without telling anything about it. */
export function proveKey(kept: SecretBytes): Uint8Array<ArrayBuffer> {
  using proving = deriveKey(kept, 'proof');
  return new Uint8Array(createHmac('sha256', proving.bytes).update('vault').digest());
}

export function isProof(kept: SecretBytes, proof: Uint8Array): boolean {
  const expected = proveKey(kept);
  return expected.length === proof.length && timingSafeEqual(expected, proof);
}

function associatedData(version: number): Uint8Array {
  return new TextEncoder().encode(`carillon key ${version}`);
}
