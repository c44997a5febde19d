import type { SsoAdapter } from '#shared/model/sso-adapter.ts';

/** What the pages of sheet and wizard work on. */
export interface AdapterEdit {
  readonly value: SsoAdapter;
  readonly errors: ReadonlyMap<string, string>;
  readonly made: boolean;
  set(part: Partial<SsoAdapter>): void;
}
