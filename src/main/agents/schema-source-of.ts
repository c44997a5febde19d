import { signIn } from '#directory/sign-in.ts';
import type { SchemaSource } from '#identity/schema-source.ts';
import { type Agent, isDirectoryAgent, isFileAgent } from '#shared/model/agent.ts';

import { DatabaseSchema } from './database/database-schema.ts';
import { DirectorySchema } from './directory-schema.ts';
import { SsoSchema } from './entsso/sso-schema.ts';
import { ExtensionSchema } from './extension/extension-schema.ts';
import { FileImport } from './file/file-import.ts';
import { FileSchema } from './file/file-schema.ts';
import type { ImportSourceDependencies } from './import-source-of.ts';

/** How an agent of any kind learns what it can be configured with. */
export function schemaSourceOf(
  agent: Agent,
  { credentials, tryCredentials = credentials }: Omit<ImportSourceDependencies, 'now'>,
): SchemaSource {
  if (isDirectoryAgent(agent))
    return new DirectorySchema(agent, (signal) =>
      signIn(agent.connection, { password: () => credentials(agent.id), signal }),
    );
  if (isFileAgent(agent)) return new FileSchema(agent, new FileImport(agent));
  if (agent.kind === 'entsso') return new SsoSchema(agent);
  return agent.kind === 'extension'
    ? new ExtensionSchema(agent, tryCredentials)
    : new DatabaseSchema(agent, tryCredentials);
}
