import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import type { Synchronization } from '#sso/synchronization/create-synchronization.ts';
import type {
  ExternalChange,
  ExternalOutcome,
  ExternalSecrets,
} from '#sso/synchronization/external-change.ts';

export type AdapterState = 'online' | 'offline' | 'not-running';

/** What a server for adapters, and each of its sessions, stands on. */
export interface AdapterServerParts {
  readonly synchronization: Synchronization;
  /** Folder of the socket and of the token files. */
  readonly directory: string;
  readonly keepAliveSeconds: number;
  readonly stateChanged: (adapter: string, state: AdapterState, message: string) => void;
  /** Keeps a reported change while the credential database is away; undefined where that adapter wants none kept. */
  readonly reportWhileAway?: (
    adapter: SsoAdapter,
    change: ExternalChange,
    secrets: ExternalSecrets,
  ) => Promise<ExternalOutcome | undefined>;
}
