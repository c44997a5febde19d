import type { KeyKeeperChoice } from '#shared/model/configuration.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** `vault` keeps what lies inside an open vault: the master secret of single sign-on. */
export type KeeperKind = KeyKeeperChoice['kind'] | 'vault';

export interface KeptKey {
  /** 256 bits that wrap the vault's keys. The caller wipes it. */
  readonly key: SecretBytes;
  /** What the keeper needs to find the same key again. No secret; lies in the store. */
  readonly note: Uint8Array<ArrayBuffer>;
}

/**
 * Guards the one key that lies outside the store: a file, a passphrase, or the operating system's keychain.
 * Every method throws `AppError` saying what is missing and what to do.
 */
export interface KeyKeeper {
  readonly kind: KeeperKind;
  /** Where the key is, in words for an operator. */
  readonly place: string;
  /** Makes the key, or takes the one that an administrator put there before. */
  create(): Promise<KeptKey>;
  /** The key that `create` made `note` for. The caller wipes it. */
  read(note: Uint8Array): Promise<SecretBytes>;
}
