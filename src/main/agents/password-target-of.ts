import type { Agent } from '#shared/model/agent.ts';

import { activeDirectoryDialect } from './active-directory/password-dialect.ts';
import { type Credentials, DirectoryPasswordTarget } from './directory-password-target.ts';
import { ldapDialect } from './ldap/password-dialect.ts';
import type { PasswordDialect } from './password-dialect.ts';

/** The password half of a management agent; close it when the agent stops or its configuration changes. */
export function createPasswordTarget(agent: Agent, credentials: Credentials): DirectoryPasswordTarget {
  return new DirectoryPasswordTarget(agent, dialectOf(agent), credentials);
}

function dialectOf(agent: Agent): PasswordDialect {
  // AD LDS is Active Directory without a domain, down to unicodePwd.
  return agent.kind === 'active-directory' || agent.profile === 'adlds'
    ? activeDirectoryDialect()
    : ldapDialect(agent.profile);
}
