import type { MadeMapping } from '#shared/contract/sso-bulk.ts';

import { Access } from './access.ts';
import { Adapters } from './adapters.ts';
import { Applications } from './applications.ts';
import type { SsoCaller } from './caller.ts';
import { CredentialCache } from './credential-cache.ts';
import { Credentials } from './credentials.ts';
import { Lookups } from './lookups.ts';
import { type BulkMapping, makeMappings } from './make-mappings.ts';
import { Mappings } from './mappings.ts';
import { PasswordFilters } from './password-filters.ts';
import type { SsoPorts } from './ports.ts';
import { type CredentialsToSet, setCredentials } from './set-credentials.ts';
import { Tickets } from './tickets.ts';

const minute = 60_000;

/** Single sign-on put together over its ports. */
export interface Sso {
  readonly ports: SsoPorts;
  readonly access: Access;
  readonly applications: Applications;
  readonly adapters: Adapters;
  readonly filters: PasswordFilters;
  readonly mappings: Mappings;
  readonly credentials: Credentials;
  readonly lookups: Lookups;
  readonly tickets: Tickets;
  setCredentials(caller: SsoCaller, given: CredentialsToSet): Promise<void>;
  makeMappings(caller: SsoCaller, bulk: BulkMapping, signal?: AbortSignal): Promise<readonly MadeMapping[]>;
  /** Forgets what is cached of an application, or of all. */
  forget(application?: string): void;
}

export interface SsoHooks {
  /** Told when the definition of an application, its mappings or its credentials changed. */
  readonly applicationChanged?: (application: string) => void;
  /** Told when an adapter or what is assigned to it changed. */
  readonly adapterChanged?: (adapter: string) => void;
}

export function createSso(ports: SsoPorts, hooks: SsoHooks = {}): Sso {
  const access = new Access(ports);
  const cache = new CredentialCache(
    ports.clock,
    () => ports.settings().system.credentialCacheTimeout * minute,
  );
  const forget = (application: string): void => {
    cache.forget(application);
    hooks.applicationChanged?.(application);
  };
  const applications = new Applications({ ports, access, forget });
  const mappings = new Mappings({ ports, access, applications, forget });
  const credentials = new Credentials(ports);
  const lookups = new Lookups({ ports, access, applications, credentials, cache });
  return {
    ports,
    access,
    applications,
    mappings,
    credentials,
    lookups,
    adapters: new Adapters({
      ports,
      access,
      applications,
      changed: (adapter) => hooks.adapterChanged?.(adapter),
    }),
    filters: new PasswordFilters({ ports, access, applications, forget }),
    tickets: new Tickets({ ports, access, applications, lookups }),
    setCredentials: (caller, given) =>
      setCredentials({ ports, access, mappings, credentials, forget }, caller, given),
    makeMappings: (caller, bulk, signal) =>
      makeMappings({ ports, access, applications, mappings, credentials, forget }, caller, bulk, signal),
    forget: (application) => (application === undefined ? cache.clear() : cache.forget(application)),
  };
}
