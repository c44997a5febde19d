import type { SsoPasswordFilter } from '#shared/model/sso-password-filter.ts';

/** What the pages of sheet and wizard work on. */
export interface FilterEdit {
  readonly value: SsoPasswordFilter;
  readonly errors: ReadonlyMap<string, string>;
  readonly made: boolean;
  set(part: Partial<SsoPasswordFilter>): void;
}
