import { openLdap } from '#directory/ldap-connection.ts';
import { endpointOf, signIn } from '#directory/sign-in.ts';
import type { ImportSource } from '#identity/import-source.ts';
import { type Agent, type DirectoryAgent, isDirectoryAgent, isFileAgent } from '#shared/model/agent.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { dirSyncFeed } from './active-directory/dirsync-feed.ts';
import type { ChangeFeed } from './change-feed.ts';
import { DatabaseImport } from './database/database-import.ts';
import { DirectoryImport } from './directory-import.ts';
import { type DirectoryTraits, traitsOf } from './directory-traits.ts';
import type { ConnectSso } from './entsso/sso-server-link.ts';
import { SsoSource } from './entsso/sso-source.ts';
import { ExtensionImport } from './extension/extension-import.ts';
import { FileImport } from './file/file-import.ts';
import { changelogFeed } from './ldap/changelog-feed.ts';
import { syncreplFeed } from './ldap/syncrepl-feed.ts';
import { createTimestampFeed } from './ldap/timestamp-feed.ts';
import { testDirectoryConnection } from './test-directory-connection.ts';

export interface ImportSourceDependencies {
  /** The password that the agent signs in with; a new copy each time, wiped by whoever asked. */
  readonly credentials: (agent: AgentId) => Promise<SecretBytes>;
  /** The same where the agent may do without one. */
  readonly tryCredentials?: (agent: AgentId) => Promise<SecretBytes | undefined>;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** The way to a single sign-on server. */
  readonly connectSso?: ConnectSso | undefined;
}

/** The reading half of an agent, as its kind and profile ask for. */
export function importSourceOf(agent: Agent, dependencies: ImportSourceDependencies): ImportSource {
  if (isDirectoryAgent(agent)) return directorySource(agent, dependencies);
  const { tryCredentials = dependencies.credentials } = dependencies;
  if (isFileAgent(agent)) return new FileImport(agent);
  if (agent.kind === 'entsso') return new SsoSource(agent, dependencies.connectSso);
  return agent.kind === 'extension'
    ? new ExtensionImport(agent, tryCredentials)
    : new DatabaseImport(agent, tryCredentials);
}

function directorySource(
  agent: DirectoryAgent,
  { credentials, now }: ImportSourceDependencies,
): ImportSource {
  const { connection } = agent;
  const connect = (signal: AbortSignal) =>
    signIn(connection, { password: () => credentials(agent.id), signal });
  return new DirectoryImport({
    agent,
    feed: feedOf(traitsOf(agent), now),
    connect,
    testConnection: (signal) =>
      testDirectoryConnection({
        agent,
        open: (given) => openLdap(endpointOf(connection), given),
        signIn: connect,
        signal,
      }),
  });
}

function feedOf({ feed }: DirectoryTraits, now: () => number): ChangeFeed {
  switch (feed) {
    case 'dirsync':
      return dirSyncFeed;
    case 'syncrepl':
      return syncreplFeed;
    case 'changelog':
      return changelogFeed;
    case 'timestamp':
      return createTimestampFeed(now);
  }
}
