import { SecretBytes } from '#shared/secret/secret-bytes.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A password as SCRAM normalises it (RFC 4013); the caller wipes it. Printable ASCII is its own normal form and never
 * becomes a string. Anything else has to, for a moment: Unicode normalisation exists for strings only.
 */
export function preparePassword(password: SecretBytes): SecretBytes {
  if (password.bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return SecretBytes.copy(password.bytes);
  try {
    const text = decoder.decode(password.bytes);
    // Mapped to a space and mapped to nothing (RFC 3454 C.1.2 and B.1), then NFKC.
    const mapped = text
      .replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ')
      .replace(/\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/g, '')
      .normalize('NFKC');
    // PostgreSQL takes what SASLprep prohibits as it came.
    if (/[\p{Cc}\p{Co}\p{Cs}]/u.test(mapped) || mapped === '') return SecretBytes.copy(password.bytes);
    return SecretBytes.take(new TextEncoder().encode(mapped));
  } catch {
    return SecretBytes.copy(password.bytes);
  }
}
