import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** A password that is to be set on the external system. */
export interface PasswordToSet {
  readonly trackingId: string;
  readonly application: string;
  readonly externalAccount: string;
  /** When it was changed at its origin, milliseconds since 1970 UTC. */
  readonly timestamp: number;
}

/** Why the external system did not take a password; the code is the external system's own. */
export class AdapterFailure extends Error {
  override readonly name = 'AdapterFailure';
  readonly code: number;
  /** Whether the same change may work out later. */
  readonly isTemporary: boolean;

  constructor(
    message: string,
    detail: { readonly code?: number; readonly isTemporary?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: detail.cause });
    this.code = detail.code ?? 1;
    this.isTemporary = detail.isTemporary ?? false;
  }
}

/** A password that was changed on the external system. */
export interface PasswordReport {
  /** Where it was kept before under one; a new one where absent. */
  readonly trackingId?: string | undefined;
  readonly externalAccount: string;
  readonly timestamp: number;
  /** Both are the taker's to wipe. */
  readonly password: SecretBytes;
  readonly oldPassword?: SecretBytes | undefined;
}

/** What an adapter does for its external system; everything else is the same for all. */
export interface AdapterWork {
  /** Shown to administrators. */
  readonly software: string;
  /** Throws `AdapterFailure`; the passwords stay the caller's. */
  setPassword(
    change: PasswordToSet,
    password: SecretBytes,
    oldPassword: SecretBytes | undefined,
    signal: AbortSignal,
  ): Promise<void>;
  /** Throws where the external system does not answer. */
  probe(signal: AbortSignal): Promise<void>;
  /** Begins to watch for changes made on the external system; resolves to what ends it. */
  capture?(report: (change: PasswordReport) => Promise<void>): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
