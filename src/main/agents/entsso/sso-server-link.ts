import type { SsoAgent } from '#shared/model/agent.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** A Windows password change that goes on to a single sign-on server. */
export interface HandedChange {
  readonly trackingId: string;
  /** NetBIOS name. */
  readonly domain: string;
  /** sAMAccountName. */
  readonly account: string;
  /** objectGUID in its usual text form. */
  readonly objectGuid: string;
  /** When the directory committed it, milliseconds since 1970 UTC. */
  readonly committedAt: number;
}

export interface MappingNames {
  readonly application: string;
  /** `DOMAIN\name`. */
  readonly windowsAccount: string;
  readonly externalUser: string;
}

/** The way to one single sign-on server, as the account of the agent. */
export interface SsoServerLink {
  /** Resolves once the server has taken the change; the password stays the caller's. Throws `PasswordFailure`. */
  hand(change: HandedChange, password: SecretBytes, signal: AbortSignal): Promise<void>;
  /** Signs in and asks whether the server is there. Throws `PasswordFailure`. */
  probe(signal: AbortSignal): Promise<void>;
  /** Makes a mapping and enables it; one that stands already is left as it is. Throws `AppError`. */
  createMapping(mapping: MappingNames): Promise<void>;
  /** One that is gone already is no failure. Throws `AppError`. */
  deleteMapping(mapping: MappingNames): Promise<void>;
  close(): Promise<void>;
}

/** Opens nothing by itself: the first use does. */
export type ConnectSso = (agent: SsoAgent) => SsoServerLink;
