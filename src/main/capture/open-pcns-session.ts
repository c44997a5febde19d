import { diagnoseSpn } from '#channel/spn-diagnosis.ts';
import { type LdapConnection, openLdap } from '#directory/ldap-connection.ts';
import { signIn } from '#directory/sign-in.ts';
import { AppError } from '#shared/model/app-error.ts';

import { type CaptureConfiguration, readCaptureConfiguration } from './capture-configuration.ts';
import { ControllerReader } from './controller-reader.ts';
import { accessThrough } from './directory-access.ts';
import { DirectoryPcnsStore } from './directory-pcns-store.ts';
import { FilePcnsStore } from './file-pcns-store.ts';
import { findLdapiSocket } from './ldapi-socket.ts';
import { extendPcnsSchema } from './pcns-schema.ts';
import type { PcnsLocation, PcnsSession } from './pcns-session.ts';
import type { PcnsStore } from './pcns-store.ts';

const connectTimeout = 10;

/**
 * Opens the configuration that `location` means. Throws `AppError` `unavailable` where the directory cannot be
 * reached or does not let the caller in.
 */
export async function openPcnsSession(
  location: PcnsLocation,
  configuration: CaptureConfiguration = readCaptureConfiguration(),
): Promise<PcnsSession> {
  const connection = await connect(location, configuration);
  const access = accessThrough(connection);
  const reader = new ControllerReader(access);
  return {
    store: chooseStore(location, configuration, new DirectoryPcnsStore(access, () => reader.identify())),
    groups: reader,
    diagnose: async (spn) => {
      const { baseDn, domain } = await reader.identify();
      return diagnoseSpn(connection, { spn, baseDn, domain, now: Date.now() });
    },
    extendSchema: async () => extendPcnsSchema(connection, (await reader.identify()).schemaDn),
    close: () => connection.close(),
  };
}

function chooseStore(
  location: PcnsLocation,
  { pcns }: CaptureConfiguration,
  directory: PcnsStore,
): PcnsStore {
  if (location.kind === 'remote') return directory;
  if (location.file !== undefined) return new FilePcnsStore(location.file);
  return pcns.kind === 'file' ? new FilePcnsStore(pcns.path) : directory;
}

async function connect(location: PcnsLocation, configuration: CaptureConfiguration): Promise<LdapConnection> {
  try {
    if (location.kind === 'local') {
      const url = `ldapi://${encodeURIComponent(findLdapiSocket(configuration))}`;
      return await openLdap({ url, connectTimeout: connectTimeout * 1000 });
    }
    const { server, caFile, credentials } = location;
    const authentication =
      credentials === undefined
        ? ({ method: 'gssapi' } as const)
        : ({ method: 'simple', user: credentials.user } as const);
    const settings = { url: `ldaps://${server}`, authentication, connectTimeout, ...(caFile && { caFile }) };
    return await signIn(settings, {
      password: async () => {
        if (credentials === undefined) throw new Error('No password was given');
        return credentials.password;
      },
    });
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const where = location.kind === 'local' ? 'this domain controller' : location.server;
    throw new AppError(
      'unavailable',
      `No connection to ${where}: ${cause instanceof Error ? cause.message : cause}`,
      {
        fix:
          location.kind === 'local'
            ? 'Run this as root on a domain controller while Samba runs, or name one with /Server.'
            : 'Check the name, /User and /Password:*, and give its certificate authority with /CaFile.',
        cause,
      },
    );
  }
}
