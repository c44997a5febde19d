import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

const derive = promisify(pbkdf2);
/** PostgreSQL's own number of iterations and length of salt. */
const iterations = 4096;
const saltLength = 16;

/**
 * What PostgreSQL stores of a password (RFC 5803 as scram-common.c writes it), computed here so that no statement and
 * no server log ever holds the password. PostgreSQL normalises with SASLprep where that succeeds; a password that has
 * anything but printable ASCII is given to it as it is only where SASLprep leaves it alone.
 */
export async function makeScramVerifier(
  password: SecretBytes,
  salt = randomBytes(saltLength),
): Promise<string> {
  const salted = await derive(password.bytes, salt, iterations, 32, 'sha256');
  try {
    const clientKey = createHmac('sha256', salted).update('Client Key').digest();
    const storedKey = createHash('sha256').update(clientKey).digest('base64');
    const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
    clientKey.fill(0);
    return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
  } finally {
    salted.fill(0);
  }
}
