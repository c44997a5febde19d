import type { Connector } from '#engine/join-table.ts';
import type { PasswordTarget } from '#engine/password-target.ts';
import { type Agent, type DirectoryAgent, isDatabaseAgent, isDirectoryAgent } from '#shared/model/agent.ts';
import type { Extension } from '#shared/model/agent-extension.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { activeDirectoryDialect } from './active-directory/password-dialect.ts';
import { DatabasePasswordTarget } from './database/database-password-target.ts';
import { type Credentials, DirectoryPasswordTarget } from './directory-password-target.ts';
import { SsoPasswordTarget } from './entsso/sso-password-target.ts';
import type { ConnectSso } from './entsso/sso-server-link.ts';
import { ExtensionPasswordTarget } from './extension/extension-password-target.ts';
import { ldapDialect } from './ldap/password-dialect.ts';
import type { PasswordDialect } from './password-dialect.ts';
import type { OptionalCredentials } from './password-links.ts';
import { UnconfiguredTarget } from './unconfigured-target.ts';

/** The password half of a management agent; close it when the agent stops or its configuration changes. */
export interface OpenPasswordTarget extends PasswordTarget {
  /** Sets a password for whoever knows the old one, under every rule that the person is under. */
  changePassword(
    connector: Connector,
    old: SecretBytes,
    next: SecretBytes,
    signal: AbortSignal,
  ): Promise<void>;
  /** Closes every connection; idempotent. */
  close(): Promise<void>;
}

/**
 * `tryCredentials`: the agent's own password for kinds that may do without one. `connectSso`: the way to a single
 * sign-on server, without which an agent of that kind takes no password.
 */
export function createPasswordTarget(
  agent: DirectoryAgent,
  credentials: Credentials,
): DirectoryPasswordTarget;
export function createPasswordTarget(
  agent: Agent,
  credentials: Credentials,
  tryCredentials: OptionalCredentials,
  connectSso?: ConnectSso,
): OpenPasswordTarget;
export function createPasswordTarget(
  agent: Agent,
  credentials: Credentials,
  tryCredentials: OptionalCredentials = credentials,
  connectSso?: ConnectSso,
): OpenPasswordTarget {
  if (agent.kind === 'entsso' && connectSso !== undefined)
    return new SsoPasswordTarget(agent, connectSso(agent));
  if (isDirectoryAgent(agent)) return new DirectoryPasswordTarget(agent, dialectOf(agent), credentials);
  const extension = extensionOf(agent);
  if (extension !== undefined) return new ExtensionPasswordTarget(agent, extension, tryCredentials);
  const method = isDatabaseAgent(agent) ? agent.passwordMethod : undefined;
  if (!isDatabaseAgent(agent) || method === undefined || method.method === 'extension')
    return new UnconfiguredTarget(agent);
  return new DatabasePasswordTarget(agent, method, tryCredentials);
}

function extensionOf(agent: Exclude<Agent, DirectoryAgent>): Extension | undefined {
  if (agent.kind === 'extension') return agent.connection;
  if (agent.kind === 'entsso') return undefined;
  if (!('table' in agent)) return agent.passwordExtension;
  return agent.passwordMethod?.method === 'extension' ? agent.passwordMethod.extension : undefined;
}

function dialectOf(agent: DirectoryAgent): PasswordDialect {
  // AD LDS is Active Directory without a domain, down to unicodePwd.
  return agent.kind === 'active-directory' || agent.profile === 'adlds'
    ? activeDirectoryDialect()
    : ldapDialect(agent.profile);
}
