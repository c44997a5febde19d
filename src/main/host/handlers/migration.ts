import { mapMimServer } from '#exchange/mim/map-mim-server.ts';
import { type MimServer, readMimServer } from '#exchange/mim/read-mim-server.ts';
import { writeMimServer } from '#exchange/mim/write-mim-server.ts';
import type { migrationContract } from '#shared/contract/migration.ts';
import { type Agent, needsCredential } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { KeptDocuments } from '#store/kept-documents.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';

export interface MigrationHandlerParts {
  readonly file: ConfigurationFile;
  readonly documents: KeptDocuments;
  readonly hasCredential: (name: string) => boolean;
  /** Throws `AppError` `unavailable` where no service runs. */
  readonly requireService: () => unknown;
  readonly now: () => number;
}

export function createMigrationHandlers(parts: MigrationHandlerParts): Handlers<typeof migrationContract> {
  const { file, documents, hasCredential, requireService, now } = parts;

  function readKept(): MimServer {
    return readMimServer(
      new Map([...documents.readAll()].map(([name, text]) => [name, new TextEncoder().encode(text)])),
    );
  }

  return {
    'migration.upload': async ({ name, content }) => {
      requireService();
      const bytes = new Uint8Array(Buffer.from(content, 'base64'));
      const { documents: read } = readMimServer(new Map([[name, bytes]]));
      await documents.keep(new Map([...read].map(([one]) => [one, textOf(bytes)])), now());
      return { files: [...documents.readAll().keys()] };
    },
    'migration.preview': () => {
      const server = readKept();
      const { agents, notes } = mapMimServer(server);
      const ids = new Set(file.configuration.agents.map(({ id }) => String(id)));
      return {
        files: [...server.documents.keys()],
        agents: agents.map(({ id, name, category, agent, notes: own }) => ({
          id: id as AgentId,
          name,
          category,
          ...(agent === undefined ? {} : { kind: agent.kind }),
          exists: ids.has(id),
          needsPassword: agent !== undefined && needsCredential(agent) && !hasCredential(id),
          notes: [...own],
        })),
        notes: [...notes],
      };
    },
    'migration.import': ({ agents: chosen, revision }, { caller }) => {
      requireService();
      const { configuration } = file;
      const mapped = mapMimServer(readKept()).agents.flatMap(({ agent }) => agent ?? []);
      const picked = chosen.map((id) => requireAgent(mapped, id));
      const known = new Set([...configuration.agents, ...picked].map(({ id }) => id));
      const ready = picked.map((agent) => inShadow(agent, known));
      const replaced = configuration.agents.map((agent) => ready.find(({ id }) => id === agent.id) ?? agent);
      const added = ready.filter(({ id }) => !configuration.agents.some((agent) => agent.id === id));
      const target: unknown = JSON.parse(
        JSON.stringify({ ...configuration, agents: [...replaced, ...added] }),
      );
      const note = `${ready.length} agents of an Identity Manager export`;
      const applied = file.put(target, revision, { by: caller, kind: 'import', note });
      return {
        revision: applied.revision,
        agents: ready.map(({ name }) => name),
        mistakes: [...applied.mistakes],
      };
    },
    'migration.export': ({ name }) => {
      const text = writeMimServer(readKept(), file.configuration.agents).get(name);
      if (text !== undefined) return { text };
      throw new AppError('not_found', `No file "${name}" is kept`);
    },
    'migration.forget': async () => {
      requireService();
      await documents.forget();
      return {};
    },
  };
}

function requireAgent(agents: readonly Agent[], id: string): Agent {
  const found = agents.find((agent) => agent.id === id);
  if (found !== undefined) return found;
  throw new AppError('not_found', `The export has no agent ${id} that could come over`, {
    fix: 'Look at the preview: some agents are kept only.',
  });
}

/** In shadow mode, and without targets that are not there: no password is written before somebody says so. */
function inShadow(agent: Agent, known: ReadonlySet<string>): Agent {
  return {
    ...agent,
    password: { ...agent.password, shadow: true },
    partitions: agent.partitions.map((partition) =>
      partition.passwordSource === undefined
        ? partition
        : {
            ...partition,
            passwordSource: {
              ...partition.passwordSource,
              targets: partition.passwordSource.targets.filter((id) => known.has(id)),
            },
          },
    ),
  } as Agent;
}

/** The file as text in UTF-8, whatever it came in; without the mark that said so. */
function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const wide =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : undefined;
  const text = new TextDecoder(wide ?? 'utf-8').decode(bytes);
  // Kept in another encoding than it states, it could not be read again.
  return wide === undefined ? text : text.replace(/^<\?xml[^>]*\?>/, '');
}
