import { z } from 'zod';

import { SecretBytes } from '../secret/secret-bytes.ts';
import { base64Form } from '../text/base64.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * A secret on its way in: bytes over a MessagePort, base64 over JSON. It becomes `SecretBytes` at once and is wiped
 * by the server when its call ends. JSON knows no bytes: over a socket the base64 form is a string until collected.
 */
export function secretInput(maxBytes: number) {
  const text = z
    .string()
    .max(Math.ceil(maxBytes / 3) * 4, 'Too long')
    .regex(base64Form, 'Not base64')
    .transform(decodeBase64);
  const bytes = z
    .instanceof(Uint8Array)
    .refine((value) => value.length <= maxBytes, 'Too long')
    .transform((value) => SecretBytes.take(value));
  return z.union([text, bytes]).refine((secret) => secret.length > 0, 'Empty');
}

/** Decodes without an intermediate string or on-heap buffer. */
function decodeBase64(text: string): SecretBytes {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const secret = SecretBytes.allocate((text.length / 4) * 3 - padding);
  const { bytes } = secret;
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let index = 0; index < text.length - padding; index += 1) {
    held = ((held << 6) | alphabet.indexOf(text.charAt(index))) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (held >> bits) & 0xff;
    at += 1;
  }
  return secret;
}
