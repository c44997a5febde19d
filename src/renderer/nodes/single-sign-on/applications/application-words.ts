import type { ApplicationType, SsoApplication } from '#shared/model/sso-application.ts';

export const typeWords: Readonly<Record<ApplicationType, string>> = {
  individual: 'Individual',
  group: 'Group',
  'host-group': 'Host Group',
};

/** What the pages of sheet and wizard work on. */
export interface ApplicationEdit {
  readonly value: SsoApplication;
  readonly errors: ReadonlyMap<string, string>;
  /** It is there already: what is fixed once it is made is only shown. */
  readonly made: boolean;
  set(part: Partial<SsoApplication>): void;
}

/** The first error at a path or below it. */
export function errorBelow(errors: ReadonlyMap<string, string>, name: string): string | undefined {
  for (const [path, message] of errors) if (path === name || path.startsWith(`${name}.`)) return message;
  return undefined;
}
