import { z } from 'zod';

import { SecretBytes } from '../secret/secret-bytes.ts';

/**
 * A secret on its way out, of a method with `givesSecrets`. The server wipes it once it is sent; to the caller it comes
 * as bytes, which become `SecretBytes` at once and are the caller's to wipe.
 */
export function secretOutput() {
  const bytes = z.instanceof(Uint8Array).transform((value) => SecretBytes.take(value));
  const secret = z.custom<SecretBytes>((value) => value instanceof SecretBytes);
  return z.union([secret, bytes]);
}
