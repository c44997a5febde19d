import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';

import type { CaptureConfiguration } from './capture-configuration.ts';
import { readGlobalParameter } from './smb-conf.ts';

const defaultPrivateDirectory = '/var/lib/samba/private';

/** Samba's private directory, where its keys and its privileged socket lie. */
export function findPrivateDirectory({ smbConf }: CaptureConfiguration): string {
  let text: string;
  try {
    text = readFileSync(smbConf, 'utf8');
  } catch (cause) {
    throw new AppError('not_found', `${smbConf} cannot be read`, {
      fix: 'Name the smb.conf of this domain controller as "smbConf" in the capture configuration.',
      cause,
    });
  }
  return readGlobalParameter(text, 'private dir') ?? defaultPrivateDirectory;
}

/** The socket where whoever may open it is SYSTEM, as long as nobody binds. */
export function findLdapiSocket(configuration: CaptureConfiguration): string {
  return configuration.ldapiSocket ?? join(findPrivateDirectory(configuration), 'ldap_priv/ldapi');
}
