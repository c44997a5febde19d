import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** What a sealed password belongs to; a row moved to another person or target no longer opens. */
export interface SealContext {
  readonly trackingId: string;
  readonly account: string;
  readonly target: string;
  readonly sequence: number;
}

/** Seals passwords at rest. The key version is part of the associated data and of the sealed bytes. */
export interface Seal {
  seal(secret: SecretBytes, context: SealContext): Uint8Array<ArrayBuffer>;
  /** Throws `AppError` `damaged` when the bytes, the context or the key do not belong together. */
  open(sealed: Uint8Array, context: SealContext): SecretBytes;
  /** Keyed digest that recognises an echo; useless without the vault's key. */
  digest(secret: SecretBytes): Uint8Array<ArrayBuffer>;
}
