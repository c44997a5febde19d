/** What the directory says of an account at one moment. */
export interface AccountState {
  /** objectGUID, lower-case text. */
  readonly guid: string;
  /** objectSid, `S-1-5-21-...`. */
  readonly sid: string;
  /** sAMAccountName. */
  readonly account: string;
  readonly userAccountControl: number;
  readonly objectClasses: readonly string[];
  /** pwdLastSet in milliseconds since 1970 UTC; 0 where the password must be changed at the next logon. */
  readonly passwordLastSet: number;
  /** What replication knows of the password; undefined where it was never set. */
  readonly password: PasswordVersion | undefined;
}

/** Replication's record of unicodePwd (MS-ADTS 3.1.1.1.9, replPropertyMetaData). */
export interface PasswordVersion {
  /** Grows with every password that is committed; the same number as msDS-KeyVersionNumber. */
  readonly version: number;
  /** Whether it was set on this domain controller; replication brought it otherwise. */
  readonly isLocal: boolean;
  /** When, in milliseconds since 1970 UTC, rounded down to the second. */
  readonly at: number;
}

/** The capture service's view of its domain; every method throws where the directory does not answer. */
export interface DomainReader {
  /** The account of that sAMAccountName, or undefined. Answers within `limit` milliseconds or throws. */
  findAccount(account: string, limit: number): Promise<AccountState | undefined>;
  readAccount(guid: string): Promise<AccountState | undefined>;
  /** SIDs of every group that the account is in: nested and primary ones too. */
  readGroups(guid: string): Promise<ReadonlySet<string>>;
  /** Those of `sids` that name an object of the domain today. */
  resolveSids(sids: readonly string[]): Promise<ReadonlySet<string>>;
}
