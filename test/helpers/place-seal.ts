import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { NotificationPlace, NotificationSeal } from '#sso/synchronization/ports.ts';

const key = Buffer.alloc(32, 7);

/** A seal that covers its place, as the vault's does. */
export class PlaceSeal implements NotificationSeal {
  seal(secret: SecretBytes, place: NotificationPlace): Uint8Array<ArrayBuffer> {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(JSON.stringify(place)));
    const sealed = Buffer.concat([nonce, cipher.update(secret.bytes), cipher.final(), cipher.getAuthTag()]);
    return new Uint8Array(sealed);
  }

  open(sealed: Uint8Array, place: NotificationPlace): SecretBytes {
    const bytes = Buffer.from(sealed);
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(JSON.stringify(place))).setAuthTag(bytes.subarray(-16));
    return SecretBytes.take(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]));
  }
}
