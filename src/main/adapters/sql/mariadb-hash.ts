import { createHash } from 'node:crypto';

import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** What mysql_native_password stores: an asterisk and SHA1(SHA1(password)) in capitals. */
export function makeNativeHash(password: SecretBytes): string {
  const first = createHash('sha1').update(password.bytes).digest();
  const second = createHash('sha1').update(first).digest('hex').toUpperCase();
  first.fill(0);
  return `*${second}`;
}
