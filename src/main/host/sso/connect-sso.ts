import { hostname } from 'node:os';

import type { ConnectSso } from '#agents/entsso/sso-server-link.ts';
import type { EngineEvent } from '#engine/event-sink.ts';
import type { ChannelStatus } from '#shared/contract/system.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { Sso } from '#sso/create-sso.ts';

import type { Domain } from './domain-directory.ts';
import { createMappingDesk } from './mapping-desk.ts';
import { SsoAgentLink } from './sso-agent-link.ts';
import { ssoSettingsOf } from './sso-settings.ts';

export interface ConnectSsoParts {
  readonly configuration: () => Configuration;
  readonly domains: () => readonly Domain[];
  readonly credential: (agent: string) => Promise<SecretBytes>;
  /** Single sign-on of this service, once it is open. */
  readonly sso: () => Sso | undefined;
  readonly listener: () => ChannelStatus | undefined;
  readonly now: () => number;
  readonly record: (event: EngineEvent) => void;
}

/** How agents of single sign-on reach their server, which is often this very service. */
export function createConnectSso(parts: ConnectSsoParts): ConnectSso {
  const { configuration, domains, sso, listener } = parts;
  const isOwn = (connectTo: string): boolean => {
    const { listen } = configuration().singleSignOn;
    const { hostName } = ssoSettingsOf(configuration(), hostname());
    const names = [hostName, listen?.spn.split('/')[1] ?? ''];
    return names.some((name) => firstLabel(name) === firstLabel(connectTo));
  };
  return (agent) =>
    new SsoAgentLink(agent, {
      ...parts,
      hostName: hostname(),
      ownListener(connectTo) {
        const status = listener();
        if (status?.state !== 'listening' || !isOwn(connectTo)) return undefined;
        const { host = '0.0.0.0', port, fingerprint } = status;
        if (port === undefined || fingerprint === undefined) return undefined;
        return { host: anywhere.has(host) ? '127.0.0.1' : host, port, fingerprint };
      },
      mappings(connectTo) {
        const own = sso();
        return own === undefined || !isOwn(connectTo) ? undefined : createMappingDesk(own.mappings, domains);
      },
    });
}

/** Addresses to listen at that are none to connect to. */
const anywhere = new Set(['0.0.0.0', '::']);

function firstLabel(name: string): string {
  return (name.split('.')[0] ?? '').toLowerCase();
}
