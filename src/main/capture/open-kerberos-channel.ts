import { join } from 'node:path';

import { diagnoseSpn } from '#channel/spn-diagnosis.ts';
import { setKerberosFiles } from '#directory/kerberos-environment.ts';
import type { Clock } from '#engine/clock.ts';

import type { CaptureConfiguration } from './capture-configuration.ts';
import type { ControllerReader } from './controller-reader.ts';
import type { DirectoryAccess } from './directory-access.ts';
import { createKerberosChannel } from './kerberos-channel.ts';
import { findPrivateDirectory } from './ldapi-socket.ts';
import type { NotificationChannel } from './notification-sender.ts';

const patient = { limit: 5_000, patience: 5_000 };

export interface KerberosSources {
  readonly links: DirectoryAccess;
  readonly reader: ControllerReader;
  readonly clock: Clock;
  readonly productVersion: string;
}

/** Tickets come with this domain controller's own account: the targets take changes from nobody else. */
export function openKerberosChannel(
  configuration: CaptureConfiguration,
  { links, reader, clock, productVersion }: KerberosSources,
): NotificationChannel {
  const { kerberos, caFile } = configuration;
  const clientKeytab = kerberos.keytab ?? join(findPrivateDirectory(configuration), 'secrets.keytab');
  setKerberosFiles({
    clientKeytab,
    ...(kerberos.configuration === undefined ? {} : { configuration: kerberos.configuration }),
  });
  return createKerberosChannel({
    caFile,
    productVersion,
    identify: async () => {
      const { server, principal } = await reader.identify();
      return { server, principal: kerberos.principal ?? principal };
    },
    diagnose: async (spn) => {
      const { baseDn, domain } = await reader.identify();
      const question = { spn, baseDn, domain, now: clock.now() };
      const { finding } = await links.ask((connection) => diagnoseSpn(connection, question), patient);
      if (finding === undefined) throw new Error(`The directory finds nothing wrong with ${spn}`);
      return finding;
    },
  });
}
