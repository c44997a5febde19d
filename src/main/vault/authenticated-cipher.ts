import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';

import { SecretBytes } from '#shared/secret/secret-bytes.ts';

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;
export const keyLength = 32;
/** Bytes that sealing adds: nonce and tag. */
export const sealOverhead = nonceLength + tagLength;

/** Random bytes for nonces, made ahead: asking for twelve at a time costs as much as for thousands. */
const nonces = new Uint8Array(nonceLength * 512);
let nextNonce = nonces.length;

/**
 * OpenSSL's form of a key, made once: making it for each secret costs more than the encryption. It goes with the
 * key, and OpenSSL clears it when it is collected.
 */
const loadedKeys = new WeakMap<SecretBytes, KeyObject>();

/** Encrypts with AES-256-GCM under a fresh nonce; `target` receives nonce, ciphertext and tag. */
export function encryptInto(
  target: Uint8Array<ArrayBuffer>,
  key: SecretBytes,
  plaintext: SecretBytes,
  associated: Uint8Array,
): void {
  const nonce = target.subarray(0, nonceLength);
  nonce.set(takeNonce());
  const cipher = createCipheriv(algorithm, load(key), nonce, { authTagLength: tagLength });
  cipher.setAAD(associated);
  target.set(cipher.update(plaintext.bytes), nonceLength);
  cipher.final();
  target.set(cipher.getAuthTag(), target.length - tagLength);
}

/**
 * Decrypts what `encryptInto` wrote; undefined when key, bytes and associated data do not belong together.
 *
 * Node gives the cipher's output a store of its own outside the V8 heap, whatever its length, so that wiping it
 * leaves no copy; a memory scan in the tests watches that this stays so.
 */
export function decrypt(
  key: SecretBytes,
  sealed: Uint8Array,
  associated: Uint8Array,
): SecretBytes | undefined {
  if (sealed.length < sealOverhead) return undefined;
  const end = sealed.length - tagLength;
  const decipher = createDecipheriv(algorithm, load(key), sealed.subarray(0, nonceLength), {
    authTagLength: tagLength,
  });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(end));
  const output = decipher.update(sealed.subarray(nonceLength, end));
  try {
    decipher.final();
    return SecretBytes.copy(output);
  } catch {
    return undefined;
  } finally {
    output.fill(0);
  }
}

/** A fresh random key. */
export function createKey(): SecretBytes {
  const key = SecretBytes.allocate(keyLength);
  randomFillSync(key.bytes);
  return key;
}

/** A key for one purpose alone, by HKDF-SHA-256. */
export function deriveKey(from: SecretBytes, purpose: string): SecretBytes {
  return SecretBytes.take(
    new Uint8Array(hkdfSync('sha256', from.bytes, '', `carillon ${purpose}`, keyLength)),
  );
}

/** Throws for a key that was wiped. */
function load(key: SecretBytes): KeyObject {
  const { bytes } = key;
  const known = loadedKeys.get(key);
  if (known !== undefined) return known;
  const loaded = createSecretKey(bytes);
  loadedKeys.set(key, loaded);
  return loaded;
}

/** Twelve bytes that were never used; a view that holds until the next is taken. */
function takeNonce(): Uint8Array {
  if (nextNonce === nonces.length) {
    randomFillSync(nonces);
    nextNonce = 0;
  }
  nextNonce += nonceLength;
  return nonces.subarray(nextNonce - nonceLength, nextNonce);
}
