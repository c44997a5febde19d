import { resolve } from 'node:path';

import type { ExportTarget } from '#identity/export-target.ts';
import { ImportFailure } from '#identity/import-failure.ts';
import {
  type Agent,
  type FileAgent,
  isDatabaseAgent,
  isDirectoryAgent,
  isFileAgent,
} from '#shared/model/agent.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { DatabaseExport } from './database/database-export.ts';
import { DirectoryExport } from './directory-export.ts';
import { SsoExport } from './entsso/sso-export.ts';
import type { ConnectSso } from './entsso/sso-server-link.ts';
import { ExtensionExport } from './extension/extension-export.ts';
import { DsmlExport } from './file/dsml-export.ts';
import { LdifExport } from './file/ldif-export.ts';
import { RecordExport } from './file/record-export.ts';

export interface ExportTargetDependencies {
  /** The password that the agent signs in with; a new copy each time, wiped by whoever asked. */
  readonly credentials: (agent: AgentId) => Promise<SecretBytes>;
  /** The same where the agent may do without one. */
  readonly tryCredentials?: (agent: AgentId) => Promise<SecretBytes | undefined>;
  readonly connectSso?: ConnectSso | undefined;
}

/** The writing half of an agent. Throws `ImportFailure` `no-start-ma` for a kind that is only read. */
export function exportTargetOf(
  agent: Agent,
  { credentials, tryCredentials = credentials, connectSso }: ExportTargetDependencies,
): ExportTarget {
  if (isDirectoryAgent(agent)) return new DirectoryExport({ agent, credentials });
  if (agent.kind === 'entsso' && connectSso !== undefined) return new SsoExport(connectSso(agent));
  if (isDatabaseAgent(agent)) return new DatabaseExport(agent, tryCredentials);
  if (agent.kind === 'extension') return new ExtensionExport(agent, tryCredentials);
  if (isFileAgent(agent) && agent.exportFile !== undefined) return fileExportOf(agent, agent.exportFile);
  throw new ImportFailure(
    'no-start-ma',
    'no-export-to-this-object-type',
    `"${agent.name}" is read, and takes passwords, but nothing is exported to it`,
    {
      fix: isFileAgent(agent)
        ? 'Name an "exportFile", or take the export step out of the run profile.'
        : 'Take the export step out of the run profile.',
    },
  );
}

function fileExportOf(agent: FileAgent, path: string): ExportTarget {
  if (resolve(path) === resolve(agent.connection.path))
    throw new ImportFailure(
      'no-start-ma',
      'no-export-to-this-object-type',
      `"${agent.name}" would write its changes into the file that it reads`,
      { fix: 'Name another "exportFile".' },
    );
  if (agent.kind === 'ldif') return new LdifExport(path);
  return agent.kind === 'dsml' ? new DsmlExport(path) : new RecordExport(agent, path);
}
