import type { SsoSettings } from '#sso/ports.ts';

import type { HeardServer } from './server-report.ts';
import type { SharedSystem } from './shared-system.ts';

/** The server that keeps the master secret, and what it last said of itself. */
export function findKeeper(
  { system }: SsoSettings,
  { others }: Pick<SharedSystem, 'others'>,
): { readonly name: string; readonly heard: HeardServer | undefined } {
  const name = system.masterSecretServer ?? 'the master secret server';
  return { name, heard: others.find((each) => each.name.toLowerCase() === name.toLowerCase()) };
}
