import type { Seal, SealContext } from '#engine/seal.ts';
import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Keeps the rules of a seal without its secrecy: what was sealed for one delivery opens for no other. */
export class TransparentSeal implements Seal {
  /** What was opened and not wiped since shows here. */
  readonly opened: SecretBytes[] = [];

  seal(secret: SecretBytes, context: SealContext): Uint8Array<ArrayBuffer> {
    return encoder.encode(JSON.stringify({ context, text: decoder.decode(secret.bytes) }));
  }

  open(sealed: Uint8Array, context: SealContext): SecretBytes {
    const { context: own, text } = JSON.parse(decoder.decode(sealed));
    if (JSON.stringify(own) !== JSON.stringify(context)) throw new AppError('damaged', 'Does not open');
    const secret = SecretBytes.take(encoder.encode(text));
    this.opened.push(secret);
    return secret;
  }

  digest(secret: SecretBytes): Uint8Array<ArrayBuffer> {
    return encoder.encode(`digest of ${decoder.decode(secret.bytes)}`);
  }
}
