import type { Configuration } from '#shared/model/configuration.ts';
import type { SsoServer } from '#shared/model/single-sign-on.ts';
import type { SsoSettings } from '#sso/ports.ts';

/** The settings of single sign-on as they are for a host, where a stopped server has no system to serve: the server with its name, or the only one there is. */
export function ssoSettingsOf({ singleSignOn }: Configuration, hostName: string): SsoSettings {
  const { system, servers, serverName = hostName } = singleSignOn;
  const server = findOwnServer(servers, serverName);
  const isStopped = server?.stopped === true;
  return {
    system: isStopped ? { ...system, enabled: false } : system,
    server,
    hostName: server?.name ?? serverName,
  };
}

export function findOwnServer(servers: readonly SsoServer[], hostName: string): SsoServer | undefined {
  const short = (name: string): string => (name.split('.')[0] ?? '').toLowerCase();
  const named = servers.find(({ name }) => name.toLowerCase() === hostName.toLowerCase());
  return named ?? servers.find(({ name }) => short(name) === short(hostName)) ?? onlyOne(servers);
}

/** Whether this host keeps the master secret; `hasSecret` decides until the system names a server. */
export function isSecretServer({ system, server, hostName }: SsoSettings, hasSecret: boolean): boolean {
  const named = system.masterSecretServer?.toLowerCase();
  if (named === undefined) return hasSecret;
  return named === hostName.toLowerCase() || named === server?.name.toLowerCase();
}

function onlyOne(servers: readonly SsoServer[]): SsoServer | undefined {
  return servers.length === 1 ? servers[0] : undefined;
}
