import { inject } from 'vitest';

import type { DirectoryServer389 } from '#lab/directory-server-389.ts';
import type { OpenLdap } from '#lab/openldap-server.ts';
import type { SambaDomain } from '#lab/samba-domain.ts';

/** The servers that all integration tests use. A test that stops or breaks one starts its own instead. */
export interface SharedLab {
  readonly samba: SambaDomain;
  readonly openldap: OpenLdap;
  readonly ds389: DirectoryServer389;
  /** Everything that the lab writes lies below. */
  readonly directory: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    sharedLab: SharedLab;
  }
}

/** How to reach the shared servers, and the people in them. */
export function sharedLab(): SharedLab {
  return inject('sharedLab');
}
