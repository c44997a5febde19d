import type { Agent } from '#shared/model/agent.ts';

import { activeDirectoryDialect } from './active-directory/password-dialect.ts';
import { type Credentials, DirectoryPasswordTarget } from './directory-password-target.ts';
import { ldapDialect } from './ldap/password-dialect.ts';

/** The password half of a management agent; close it when the agent stops or its configuration changes. */
export function createPasswordTarget(agent: Agent, credentials: Credentials): DirectoryPasswordTarget {
  const dialect = agent.kind === 'active-directory' ? activeDirectoryDialect : ldapDialect(agent.profile);
  return new DirectoryPasswordTarget(agent, dialect, credentials);
}
