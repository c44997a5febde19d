import type { Agent, SsoAgent } from '#shared/model/agent.ts';
import { ssoMappingsSchema } from '#shared/model/agent-entsso.ts';
import { AppError } from '#shared/model/app-error.ts';

import type { EntssoFile } from './entsso-file.ts';

/** What the file would say of the agents as they are configured. */
export function entssoFileOf(agents: readonly Agent[]): EntssoFile {
  const nameOf = (id: Agent['id']): string => agents.find((agent) => agent.id === id)?.name ?? id;
  const mapped = agents.flatMap((agent) =>
    agent.kind === 'entsso' && agent.mappings !== undefined ? [{ ...agent, mappings: agent.mappings }] : [],
  );
  const sources = mapped.flatMap(({ mappings }) =>
    mappings.sources.map(({ agent, objectType, attribute }) => ({
      name: nameOf(agent),
      objectType,
      attribute,
    })),
  );
  return {
    // Agents that share a source describe it in the same way, since the file does so once.
    sources: sources.filter(({ name }, index) => sources.findIndex((one) => one.name === name) === index),
    agents: mapped.map(({ name, mappings }) => ({
      name,
      adma: nameOf(mappings.windowsAgent),
      deleteAll: mappings.deleteAll,
      applications: mappings.applications.map((application) => ({
        name: application.name,
        sourceMa: nameOf(application.source),
        create: application.create,
        delete: application.delete,
      })),
    })),
  };
}

/**
 * The agents as the file wants them: one that it does not name makes no mappings. Names are case-sensitive. Throws
 * `AppError` `invalid_input` for a name that no agent has.
 */
export function withEntssoFile(agents: readonly Agent[], file: EntssoFile): readonly Agent[] {
  const idOf = (name: string, where: string): Agent['id'] => {
    const found = agents.find((agent) => agent.name === name);
    if (found !== undefined) return found.id;
    const other = agents.find((agent) => agent.name.toLowerCase() === name.toLowerCase());
    throw new AppError('invalid_input', `${where}: no management agent is named "${name}"`, {
      fix:
        other === undefined
          ? 'Create the agent, or correct the name; nothing was changed.'
          : `Write "${other.name}": case counts. Nothing was changed.`,
    });
  };
  const described = new Map(file.sources.map((source) => [idOf(source.name, 'SourceMA'), source]));
  const mappings = new Map<Agent['id'], SsoAgent['mappings']>();
  for (const { name, adma, deleteAll, applications } of file.agents) {
    const where = `ENTSSOMA "${name}"`;
    const id = idOf(name, 'ENTSSOMA');
    if (agents.find((agent) => agent.id === id)?.kind !== 'entsso')
      throw new AppError('invalid_input', `${where} is no agent of Enterprise Single Sign-On`, {
        fix: 'Name an agent of that kind; nothing was changed.',
      });
    const sources = [...new Set(applications.map(({ sourceMa }) => idOf(sourceMa, where)))];
    mappings.set(
      id,
      ssoMappingsSchema.parse({
        windowsAgent: idOf(adma, where),
        deleteAll,
        sources: sources.flatMap((agent) => {
          const source = described.get(agent);
          return source === undefined
            ? []
            : [{ agent, objectType: source.objectType, attribute: source.attribute }];
        }),
        applications: applications.map((application) => ({
          name: application.name,
          source: idOf(application.sourceMa, where),
          create: application.create,
          delete: application.delete,
        })),
      }),
    );
  }
  return agents.map((agent) => {
    if (agent.kind !== 'entsso') return agent;
    const { mappings: _, ...rest } = agent;
    const own = mappings.get(agent.id);
    return own === undefined ? rest : { ...rest, mappings: own };
  });
}
