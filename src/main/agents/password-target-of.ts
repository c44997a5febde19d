import type { Connector } from '#engine/join-table.ts';
import type { PasswordTarget } from '#engine/password-target.ts';
import { type Agent, type DirectoryAgent, isDirectoryAgent } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { activeDirectoryDialect } from './active-directory/password-dialect.ts';
import { type Credentials, DirectoryPasswordTarget } from './directory-password-target.ts';
import { ldapDialect } from './ldap/password-dialect.ts';
import type { PasswordDialect } from './password-dialect.ts';

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

export function createPasswordTarget(
  agent: DirectoryAgent,
  credentials: Credentials,
): DirectoryPasswordTarget;
export function createPasswordTarget(agent: Agent, credentials: Credentials): OpenPasswordTarget;
export function createPasswordTarget(agent: Agent, credentials: Credentials): OpenPasswordTarget {
  if (isDirectoryAgent(agent)) return new DirectoryPasswordTarget(agent, dialectOf(agent), credentials);
  throw new AppError('unavailable', `"${agent.name}" takes no passwords`);
}

function dialectOf(agent: DirectoryAgent): PasswordDialect {
  // AD LDS is Active Directory without a domain, down to unicodePwd.
  return agent.kind === 'active-directory' || agent.profile === 'adlds'
    ? activeDirectoryDialect()
    : ldapDialect(agent.profile);
}
