import type { TrackingId, Verification } from '#shared/model/change.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { Connector } from './join-table.ts';

export interface SetOptions {
  readonly unlock: boolean;
  readonly mustChange: boolean;
  /** The change that the password comes from, for a system that follows it further. */
  readonly change?: { readonly trackingId: TrackingId; readonly committedAt: number };
}

/**
 * A connected system that passwords can be set on.
 * Every method throws `PasswordFailure`; none keeps or logs the password; none retries by itself.
 */
export interface PasswordTarget {
  /** Whether an attempt would travel protected: TLS, a sealed SASL layer, or a local socket. */
  readonly secure: boolean;
  /** How many deliveries one connection carries at a time; 1 where absent. */
  readonly deliveriesPerConnection?: number;
  setPassword(
    connector: Connector,
    password: SecretBytes,
    options: SetOptions,
    signal: AbortSignal,
  ): Promise<void>;
  /** Proves the password without risking a lock-out; says why where no safe proof exists. */
  verifyPassword(connector: Connector, password: SecretBytes, signal: AbortSignal): Promise<Verification>;
  /** Resolves when the system answers; the circuit breaker asks before it lets deliveries through again. */
  probe(signal: AbortSignal): Promise<void>;
}

/** Finds the target of an agent; undefined where its kind or configuration has none. Connects to nothing, throws nothing. */
export type FindTarget = (agent: string) => PasswordTarget | undefined;
