import type { SpnDiagnosis } from '#channel/spn-diagnosis.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { GroupDirectory, PcnsStore } from './pcns-store.ts';

/** Which configuration is meant. */
export type PcnsLocation =
  /** This domain controller's; `file` instead of what its capture configuration says. */
  | { readonly kind: 'local'; readonly file: string | undefined }
  /** That of another domain controller, over LDAPS. */
  | {
      readonly kind: 'remote';
      readonly server: string;
      readonly caFile: string | undefined;
      /** The caller's Kerberos ticket where absent. */
      readonly credentials: { readonly user: string; readonly password: SecretBytes } | undefined;
    };

/** An open configuration, with the directory that knows its groups. */
export interface PcnsSession {
  readonly store: PcnsStore;
  readonly groups: GroupDirectory;
  /** What the directory says about a service principal name. */
  diagnose(spn: string): Promise<SpnDiagnosis>;
  /** Adds to the schema what it lacks; returns the names added. */
  extendSchema(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export type OpenPcnsSession = (location: PcnsLocation) => Promise<PcnsSession>;
