import { z } from 'zod';

import { ssoServerSchema, ssoSystemSchema } from '#shared/model/single-sign-on.ts';
import type { SsoCaller } from '#sso/caller.ts';
import type { Sso } from '#sso/create-sso.ts';
import { SsoError } from '#sso/sso-error.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';

export interface SettingsChange {
  readonly system: Readonly<Record<string, unknown>>;
  readonly server: Readonly<Record<string, unknown>>;
}

/** Changes settings of the system and of this server in the configuration, as an SSO Administrator. */
export async function changeSsoSettings(
  { sso, file }: { readonly sso: Sso; readonly file: ConfigurationFile },
  caller: SsoCaller,
  { system, server }: SettingsChange,
): Promise<void> {
  await sso.access.requireSsoAdministrator(caller, 'Changing the settings of single sign-on');
  const { singleSignOn } = file.configuration;
  const own = sso.ports.settings().server;
  const index = own === undefined ? -1 : singleSignOn.servers.indexOf(own);
  if (index < 0 && Object.keys(server).length > 0)
    throw new SsoError(10757, 'not_found', 'The system has no server of the name of this host', {
      fix: 'Add it under Servers in the console, or by ssoconfig -addserver <server> <service account>.',
    });
  const changes = [
    ...editsOf(['singleSignOn', 'system'], singleSignOn.system, system, ssoSystemSchema),
    ...(own === undefined ? [] : editsOf(['singleSignOn', 'servers', index], own, server, ssoServerSchema)),
  ];
  if (changes.length === 0) return;
  const by = sso.access.accountOf(caller) ?? caller.name;
  file.set(changes, file.running.revision, { by, kind: 'change' });
}

function editsOf(
  path: readonly (string | number)[],
  before: object,
  changes: Readonly<Record<string, unknown>>,
  schema: z.ZodType,
) {
  const merged = { ...before, ...changes };
  const parsed = schema.safeParse(merged);
  if (!parsed.success) {
    const event = parsed.error.issues.some((issue) => issue.path[0] === 'ticketTimeout') ? 10614 : 10787;
    throw new SsoError(event, 'invalid_input', z.prettifyError(parsed.error));
  }
  return Object.entries(changes).map(([key, value]) => ({ path: [...path, key], value }));
}
