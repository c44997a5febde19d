import { hostname } from 'node:os';

import { sortExport } from '#exchange/migration/sort-export.ts';
import { writeMimServer } from '#exchange/mim/write-mim-server.ts';
import { isJsonList, isJsonObject, type JsonObject } from '#exchange/snapshot/json-value.ts';
import { decodeText } from '#exchange/xml/decode-text.ts';
import type { migrationContract } from '#shared/contract/migration.ts';
import type { ChannelStatus } from '#shared/contract/system.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { KeptDocuments } from '#store/kept-documents.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';
import { leadTarget } from '../migration/lead-target.ts';
import { MigrationDesk } from '../migration/migration-desk.ts';
import { packFile, unpackFile } from '../migration/packed-file.ts';
import type { RestoreDesk } from '../snapshots/restore-desk.ts';
import type { SectionChoice } from '../snapshots/snapshot-desk.ts';
import type { Domain } from '../sso/domain-directory.ts';
import type { AgentControl } from './agents.ts';

export interface MigrationHandlerParts {
  readonly file: ConfigurationFile;
  readonly documents: KeptDocuments;
  readonly hasCredential: (name: string) => boolean;
  readonly sections: (options: SectionChoice) => Promise<JsonObject | undefined>;
  readonly channel: () => Promise<ChannelStatus>;
  /** Domains that agents are connected to; throws `AppError` `unavailable` where no service runs. */
  readonly domains: () => readonly Domain[];
  /** Likewise. */
  readonly sourceOf: AgentControl['sourceOf'];
  /** Throws `AppError` `unavailable` where no service runs. */
  readonly restoreDesk: () => RestoreDesk;
  readonly now: () => number;
}

export function createMigrationHandlers(parts: MigrationHandlerParts): Handlers<typeof migrationContract> {
  const { file, documents, hasCredential, sections, channel, domains, sourceOf, restoreDesk, now } = parts;
  const desk = new MigrationDesk({
    configuration: () => file.configuration,
    documents,
    hostName: hostname(),
    pcns: async () => {
      if (domains().length === 0) throw new AppError('unavailable', 'No agent is connected to a domain');
      const found = (await sections({ mappings: false, pcns: true }))?.['pcns'];
      return isJsonList(found) ? found.filter(isJsonObject) : [];
    },
    channel,
    hasCredential,
    sections,
  });

  return {
    'migration.upload': async ({ name, content, fresh }) => {
      restoreDesk();
      const bytes = await unpackFile(content, name);
      sortExport(new Map([[name, bytes]]));
      if (fresh) await documents.forget();
      await documents.keep(new Map([[name, textOf(bytes, name)]]), now());
      return { files: [...documents.readAll().keys()] };
    },
    'migration.preview': ({ kinds }) => desk.preview(kinds),
    'migration.test': async ({ agent, kinds, secret }, { signal }) => {
      const steps = await sourceOf(desk.agentOf(agent, kinds), secret).testConnection(signal);
      return { ok: steps.length > 0 && steps.every(({ ok }) => ok), steps: [...steps] };
    },
    'migration.import': async (request, { caller }) => {
      const restoring = restoreDesk();
      if (request.revision !== file.running.revision)
        throw new AppError('conflict', 'The configuration was changed since it was read', {
          fix: 'Look at the preview again.',
        });
      const { target, sections: wanted, ...done } = await desk.prepare(request);
      const count = done.agents.length + done.definitions.length;
      const mapped =
        done.mappings === 0 ? '' : `, ${done.mappings} ${done.mappings === 1 ? 'mapping' : 'mappings'}`;
      const words = `${count} ${count === 1 ? 'object' : 'objects'} of an export${mapped}`;
      const { before, mistakes } = await restoring.put(
        { kind: 'import', by: caller, note: words, title: 'Before an import' },
        target,
        wanted,
      );
      return {
        revision: file.running.revision,
        agents: [...done.agents],
        definitions: [...done.definitions],
        mappings: done.mappings,
        before,
        mistakes: [...mistakes],
      };
    },
    'migration.lead': async ({ target: name }) => {
      restoreDesk();
      const { target, receiver } = await desk.targetToLead(name);
      await leadTarget(target, receiver, domains());
      return {};
    },
    'migration.export': async ({ name }) => {
      const { server } = desk.read();
      const text = server && writeMimServer(server, file.configuration.agents).get(name);
      const kept = text ?? documents.readAll().get(name);
      if (kept !== undefined) return { content: (await packFile(kept)).toString('base64') };
      throw new AppError('not_found', `No file "${name}" is kept`);
    },
    'migration.forget': async () => {
      restoreDesk();
      await documents.forget();
      return {};
    },
  };
}

/** The file as text in UTF-8, whatever it came in; without the mark that said so. */
function textOf(bytes: Uint8Array, name: string): string {
  const { text, encoding } = decodeText(bytes, name);
  // Kept in another encoding than it states, it could not be read again.
  return encoding === 'utf-8' ? text : text.replace(/^<\?xml[^>]*\?>/, '');
}
