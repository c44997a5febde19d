import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

/** scrypt at 16 MB and a few dozen milliseconds (RFC 7914). */
const cost = { N: 16_384, r: 8, p: 1 };
const length = 32;

/**
 * Hashing that SQLite lacks: `password_hash(bytes)` gives `scrypt$<salt>$<hash>` in hexadecimal, and
 * `password_matches(bytes, hash)` gives 1 or 0. Bytes, so that no password becomes a string.
 */
export function addPasswordFunctions(database: DatabaseSync): void {
  database.function('password_hash', { deterministic: false, directOnly: true }, (password) => {
    if (!(password instanceof Uint8Array))
      throw new Error('password_hash takes bytes: CAST(:password AS BLOB)');
    const salt = randomBytes(16);
    const hash = scryptSync(password, salt, length, cost);
    password.fill(0);
    return `scrypt$${salt.toString('hex')}$${hash.toString('hex')}`;
  });
  database.function('password_matches', { deterministic: true, directOnly: true }, (password, stored) => {
    if (!(password instanceof Uint8Array))
      throw new Error('password_matches takes bytes: CAST(:password AS BLOB)');
    const [form, salt = '', hash = ''] = typeof stored === 'string' ? stored.split('$') : [];
    const known = Buffer.from(hash, 'hex');
    if (form !== 'scrypt' || known.length !== length) return 0;
    const made = scryptSync(password, Buffer.from(salt, 'hex'), length, cost);
    password.fill(0);
    return timingSafeEqual(made, known) ? 1 : 0;
  });
}
