import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ConfigurationFile } from '#host/configuration/configuration-file.ts';
import { openSso, type SsoService } from '#host/sso/open-sso.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { noteRaised } from './raised-events.ts';
import type { SsoWorld } from './sso-world.ts';

export interface OpenedSsoService {
  /** Numbers of what it told, in their order. */
  readonly events: number[];
  readonly file: ConfigurationFile;
  readonly service: SsoService;
}

/** The single sign-on server over a configuration file, in the world's store, domain and time. */
export async function openSsoService(world: SsoWorld, singleSignOn: object): Promise<OpenedSsoService> {
  const path = join(world.folder, 'carillon.json');
  writeFileSync(path, JSON.stringify({ version: 1, singleSignOn }));
  const file = ConfigurationFile.open(path);
  const events: number[] = [];
  const service = await openSso({
    file,
    database: world.database,
    clock: world.clock,
    derive: () => SecretBytes.copy(new Uint8Array(32).fill(7)),
    databasePassword: async () => undefined,
    directory: world.directory,
    domains: () => [],
    record({ number }) {
      noteRaised(number);
      events.push(number);
    },
    changed: () => undefined,
    administered: () => undefined,
    report: (error) => {
      throw error;
    },
  });
  return { events, file, service };
}
