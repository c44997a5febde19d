import type { PcnsConfiguration, PcnsService, PcnsTarget } from '#shared/model/pcns.ts';

/** Where the configuration is kept: objects of PCNS' classes in the directory, or a local file. */
export interface PcnsStore {
  /** In words, for an administrator. */
  readonly place: string;
  /** undefined where nothing was ever configured. Throws `AppError` `invalid_configuration` for what cannot hold. */
  read(): Promise<PcnsConfiguration | undefined>;
  writeService(service: PcnsService): Promise<void>;
  /** Adds the target, or replaces the one with its GUID. */
  writeTarget(target: PcnsTarget): Promise<void>;
  removeTarget(guid: string): Promise<void>;
}

/** Groups of the domain by name and by SID. */
export interface GroupDirectory {
  /** The group named `DOMAIN\group` or `group`. Throws `AppError` `not_found`. */
  findGroup(name: string): Promise<{ readonly sid: string; readonly name: string }>;
  /** `DOMAIN\group` of every SID that still names an object. */
  nameSids(sids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
