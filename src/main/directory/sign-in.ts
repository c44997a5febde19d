import type { LdapConnection as ConnectionSettings } from '#shared/model/agent.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { LdapEndpoint } from './dial.ts';
import { openInitiator } from './kerberos.ts';
import { type LdapConnection, openLdap } from './ldap-connection.ts';
import { LinkError } from './link-error.ts';

export interface SignInOptions {
  /** The agent's password; asked for with simple authentication only, wiped afterwards. */
  readonly password: () => Promise<SecretBytes>;
  readonly signal?: AbortSignal | undefined;
}

export function endpointOf(settings: ConnectionSettings): LdapEndpoint {
  return {
    url: settings.url,
    caFile: settings.caFile,
    serverName: settings.serverName,
    connectTimeout: settings.connectTimeout * 1000,
  };
}

/** Opens a connection and signs in as the settings say. Throws `LinkError`, `LdapError` or `KerberosError`. */
export async function signIn(settings: ConnectionSettings, options: SignInOptions): Promise<LdapConnection> {
  const connection = await openLdap(endpointOf(settings), options.signal);
  try {
    await authenticate(connection, settings, options);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function authenticate(
  connection: LdapConnection,
  { authentication, url, connectTimeout, serverName }: ConnectionSettings,
  { password, signal }: SignInOptions,
): Promise<void> {
  const limits = { timeout: connectTimeout * 1000, ...(signal !== undefined && { signal }) };
  if (authentication.method === 'simple') {
    const secret = await password();
    try {
      await connection.bindSimple(authentication.user, secret, limits);
    } finally {
      secret.wipe();
    }
  } else if (authentication.method === 'external') {
    await connection.saslStep('EXTERNAL', new Uint8Array(0), limits);
  } else {
    const spn = `ldap/${serverName ?? new URL(url).hostname}`;
    const begin = async () => {
      const initiator = await openInitiator({ spn, principal: authentication.principal });
      return { initiator, token: await initiator.token() };
    };
    const { initiator, token } = await endInTime(begin(), `a ticket for ${spn}`, limits);
    const first = await connection.saslStep('GSSAPI', token, limits);
    await initiator.finish(first.value ?? new Uint8Array(0));
    const offer = await connection.saslStep('GSSAPI', new Uint8Array(0), limits);
    if (offer.value === undefined) throw new LinkError('protocol', `${url} offered no security layer`);
    await connection.saslStep('GSSAPI', await initiator.declineLayer(offer.value), limits);
  }
}

/** The Kerberos library asks every domain controller in turn, for minutes, and knows no time limit from outside. */
async function endInTime<T>(
  work: Promise<T>,
  what: string,
  { timeout, signal }: { readonly timeout: number; readonly signal?: AbortSignal },
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new LinkError('aborted', `Waiting for ${what} was given up`));
  const timer = setTimeout(
    () => reject(new LinkError('timeout', `No domain controller gave ${what} within ${timeout} ms`)),
    timeout,
  );
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    // Whichever comes second is nobody's business any more.
    work.catch(() => undefined);
    promise.catch(() => undefined);
  }
}
