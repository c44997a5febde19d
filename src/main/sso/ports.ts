import type { SsoServer, SsoSystem } from '#shared/model/single-sign-on.ts';
import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';
import type { SsoPasswordFilter } from '#shared/model/sso-password-filter.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** Row number of a mapping. */
export type MappingId = number;

/** One Windows account and one account of an application. */
export interface Mapping {
  readonly id: MappingId;
  /** Name of the application. */
  readonly application: string;
  /** `DOMAIN\name`; case does not distinguish. */
  readonly windowsAccount: string;
  /** Case distinguishes. */
  readonly externalUser: string;
  readonly enabled: boolean;
  /** Its user cannot enable it: an administrator disabled it. */
  readonly disabledByAdministrator: boolean;
}
export type NewMapping = Omit<Mapping, 'id'>;

/** What a mapping has sealed: the external account's fields, and the password of the Windows account. */
export type CredentialKind = 'external' | 'windows';

export interface StoredCredential {
  readonly sealed: Uint8Array;
  /** Counts the writes of this row; part of what the seal covers. */
  readonly version: number;
  /** When the password was changed at its origin, milliseconds since 1970 UTC; a newer one wins. */
  readonly changedAt: number;
}

/** Changes of mappings that are made together. */
export interface MappingChanges {
  /** With their credentials. */
  readonly deleted: readonly MappingId[];
  readonly inserted: readonly NewMapping[];
  readonly states: readonly Pick<Mapping, 'id' | 'enabled' | 'disabledByAdministrator'>[];
}

export interface MappingFilter {
  /** Mappings of any of these applications. */
  readonly applications?: readonly string[];
  readonly windowsAccount?: string;
  readonly externalUser?: string;
  /** Only mappings behind this one. */
  readonly after?: MappingId;
  readonly limit?: number;
}

/** Named documents of one sort; names are found whatever their case. */
export interface DefinitionTable<T extends { readonly name: string }> {
  list(): Promise<readonly T[]>;
  find(name: string): Promise<T | undefined>;
  /** Resolves to false where one of them is known already; nothing is written then. */
  insert(definitions: readonly T[]): Promise<boolean>;
  /** Replaces known ones; false where one is gone, and nothing is written then. */
  update(definitions: readonly T[]): Promise<boolean>;
  delete(name: string): Promise<boolean>;
}

/** The credential database. Promises resolve when the write is on disk; all reject with `AppError` `unavailable` while it is away. */
export interface CredentialDatabase {
  /** Deleting an application deletes its mappings and their credentials with it. */
  readonly applications: DefinitionTable<SsoApplication>;
  readonly adapters: DefinitionTable<SsoAdapter>;
  readonly filters: DefinitionTable<SsoPasswordFilter>;
  findMapping(id: MappingId): Promise<Mapping | undefined>;
  /** In order of id. */
  listMappings(filter: MappingFilter): Promise<readonly Mapping[]>;
  countMappings(application: string): Promise<number>;
  /** All or none. Rejects with `SsoError` 11045 or 11046 where one stands already. */
  insertMappings(mappings: readonly NewMapping[]): Promise<readonly MappingId[]>;
  setMappingState(
    id: MappingId,
    state: { readonly enabled: boolean; readonly disabledByAdministrator: boolean },
  ): Promise<boolean>;
  /** All or none, deletions first. Rejects as `insertMappings` does. */
  changeMappings(changes: MappingChanges): Promise<void>;
  /** With their credentials. Resolves with how many there were. */
  deleteMappings(ids: readonly MappingId[]): Promise<number>;
  /** Mappings behind `after` that have a credential of any kind, in order of id. */
  listCredentialed(page: {
    readonly after: MappingId;
    readonly limit: number;
  }): Promise<readonly MappingId[]>;
  readCredential(mapping: MappingId, kind: CredentialKind): Promise<StoredCredential | undefined>;
  /**
   * Writes version `credential.version`, where the stored one is exactly one below it (none stands for 0).
   * Resolves to false where another write came first: read again, and seal anew.
   */
  writeCredential(mapping: MappingId, kind: CredentialKind, credential: StoredCredential): Promise<boolean>;
  deleteCredential(mapping: MappingId, kind: CredentialKind): Promise<boolean>;
}

/** What the seal of a credential covers: moved to another mapping or application, or replayed, it does not open. */
export interface CredentialPlace {
  readonly application: string;
  readonly mapping: MappingId;
  readonly kind: CredentialKind;
  readonly version: number;
}

/** Seals under the master secret. Throws `SsoError` 10783 where there is none, 10778 where bytes and place do not belong together. */
export interface CredentialSeal {
  seal(secret: SecretBytes, place: CredentialPlace): Uint8Array<ArrayBuffer>;
  open(sealed: Uint8Array, place: CredentialPlace): SecretBytes;
  sealTicket(content: SecretBytes): Uint8Array<ArrayBuffer>;
  openTicket(sealed: Uint8Array): SecretBytes;
  /** Keyed digest that recognises a password again; useless without the master secret. */
  digest(secret: SecretBytes): Uint8Array<ArrayBuffer>;
}

/** What the domain knows of an account. */
export interface AccountFacts {
  /** Its name as the directory writes it, `DOMAIN\name`. */
  readonly account: string;
  readonly kind: 'user' | 'group' | 'computer';
  readonly isDisabled: boolean;
}

/** Active Directory as roles need it. Rejects with `AppError` `unavailable` where it does not answer. */
export interface AccountDirectory {
  find(account: string): Promise<AccountFacts | undefined>;
  /** Whether an account is one of these, or a member of one through any number of groups. The first that holds. */
  firstOf(account: string, accounts: readonly string[]): Promise<string | undefined>;
  /** Users in these groups through any number of groups, page by page. */
  usersIn(accounts: readonly string[]): AsyncIterable<AccountFacts>;
}

/** Something to be kept: by its number in the event log, and in the audit trail. */
export interface AuditEntry {
  readonly event: number;
  readonly message: string;
  readonly trackingId?: string | undefined;
  /** Who asked. */
  readonly caller?: string | undefined;
  readonly application?: string | undefined;
  readonly adapter?: string | undefined;
  readonly windowsAccount?: string | undefined;
  readonly externalUser?: string | undefined;
  /** Audit table that keeps it too; the event log alone where absent. */
  readonly table?: AuditTable | undefined;
  /** Positive or negative audit level from which on it is told; 1 low, 2 medium, 3 high. Always told where absent. */
  readonly level?: 1 | 2 | 3 | undefined;
}

export type AuditTable =
  | 'deleted-applications'
  | 'deleted-mappings'
  | 'external-credential-lookups'
  | 'windows-credential-lookups'
  | 'administration';

export interface AuditSink {
  /** Resolves when it is on disk. */
  record(entry: AuditEntry): Promise<void>;
}

/** The settings in force, read at each use. */
export interface SsoSettings {
  readonly system: SsoSystem;
  /** This server; undefined where the system has none of this name. */
  readonly server: SsoServer | undefined;
  /** This host, as it calls itself. */
  readonly hostName: string;
}

export interface SsoClock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
}

/** What the rules of single sign-on stand on. */
export interface SsoPorts {
  readonly database: CredentialDatabase;
  readonly seal: CredentialSeal;
  readonly directory: AccountDirectory;
  readonly audit: AuditSink;
  readonly clock: SsoClock;
  readonly settings: () => SsoSettings;
}
