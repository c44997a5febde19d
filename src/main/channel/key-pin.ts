import { createHash, type X509Certificate } from 'node:crypto';

const length = 32;

/** SHA-256 over the SubjectPublicKeyInfo: names a key whatever certificate it comes in (RFC 7469 2.4). */
export function pinOf(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return `sha256/${createHash('sha256').update(key).digest('base64')}`;
}

/**
 * A pin in its one form, `sha256/<base64>`; also takes hexadecimal digits, with or without colons, as other tools
 * print fingerprints. Undefined where `text` is neither.
 */
export function tryParsePin(text: string): string | undefined {
  const base64 = /^sha256\/([A-Za-z0-9+/]{43}=)$/.exec(text.trim())?.[1];
  const hex = /^(?:[0-9a-f]{2}:?){31}[0-9a-f]{2}$/i.test(text.trim())
    ? text.replaceAll(/[:\s]/g, '')
    : undefined;
  if (base64 === undefined && hex === undefined) return undefined;
  const bytes = base64 === undefined ? Buffer.from(hex ?? '', 'hex') : Buffer.from(base64, 'base64');
  return bytes.length === length ? `sha256/${bytes.toString('base64')}` : undefined;
}
