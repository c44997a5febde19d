import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

import { AppError } from '#shared/model/app-error.ts';

import { canonicalText } from './canonical-value.ts';
import { toJson } from './json-value.ts';
import { type Snapshot, snapshotFormat, snapshotSchemaVersion } from './snapshot.ts';

/** Signs with an Ed25519 private key, PEM. Throws `AppError` `invalid_input` for any other key. */
export function signSnapshot(snapshot: Snapshot, privateKeyPem: Uint8Array<ArrayBuffer>): Snapshot {
  const key = readKey(
    () =>
      createPrivateKey(Buffer.from(privateKeyPem.buffer, privateKeyPem.byteOffset, privateKeyPem.byteLength)),
    'private key',
  );
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
  const value = sign(null, signedBytes(snapshot), key).toString('base64');
  return { ...snapshot, signature: { algorithm: 'ed25519', publicKey, value } };
}

export interface SignatureVerdict {
  readonly verdict: 'none' | 'valid' | 'invalid' | 'other key';
  /** SHA-256 of the signer's public key, as `sha256/...`. */
  readonly signer?: string;
}

/** Judges the signature; `publicKeyPem` is the key that it must be from, any where absent. */
export function verifySnapshot(snapshot: Snapshot, publicKeyPem?: string): SignatureVerdict {
  const { signature } = snapshot;
  if (signature === undefined) return { verdict: 'none' };
  const der = Buffer.from(signature.publicKey, 'base64');
  const signer = fingerprintOf(der);
  let key: KeyObject;
  try {
    key = createPublicKey({ key: der, type: 'spki', format: 'der' });
  } catch {
    return { verdict: 'invalid', signer };
  }
  if (key.asymmetricKeyType !== 'ed25519') return { verdict: 'invalid', signer };
  if (!verify(null, signedBytes(snapshot), key, Buffer.from(signature.value, 'base64')))
    return { verdict: 'invalid', signer };
  if (publicKeyPem === undefined) return { verdict: 'valid', signer };
  const expected = readKey(() => createPublicKey(publicKeyPem), 'public key');
  const same = expected.export({ type: 'spki', format: 'der' }).equals(der);
  return { verdict: same ? 'valid' : 'other key', signer };
}

function signedBytes({ sha256, origin }: Snapshot): Buffer {
  return Buffer.from(
    canonicalText(toJson({ format: snapshotFormat, schema: snapshotSchemaVersion, sha256, origin })),
  );
}

function fingerprintOf(der: Uint8Array): string {
  return `sha256/${createHash('sha256').update(der).digest('base64')}`;
}

function readKey(read: () => KeyObject, what: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = read();
  } catch {
    // Without its cause, which may quote the key.
  }
  if (key?.asymmetricKeyType !== 'ed25519')
    throw new AppError('invalid_input', `The file holds no Ed25519 ${what} in PEM form`, {
      fix: 'Make one: openssl genpkey -algorithm ed25519 -out key.pem',
    });
  return key;
}
