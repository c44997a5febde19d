import { createHash } from 'node:crypto';

import { type Agent, agentSchema } from '#shared/model/agent.ts';
import { findMappingBreaches } from '#shared/model/find-mapping-breaches.ts';

import { withEntssoFile } from '../entsso/agent-mappings.ts';
import type { EntssoFile } from '../entsso/entsso-file.ts';
import type { MappedAgent } from '../mim/map-mim-server.ts';
import { MappingNotes } from '../mim/mapping-note.ts';

export interface EntssoExport {
  /** Files named ENTSSO.xml, by name. */
  readonly files: ReadonlyMap<string, EntssoFile>;
  /** Agents of the server export, as far as they come over. */
  readonly mapped: readonly MappedAgent[];
  /** Agents that are here already: a source may be one of them. */
  readonly configured: readonly Agent[];
  /** The SSO server that the agents connect to, and an account of it, where the export names none. */
  readonly server: { readonly connectTo: string; readonly user: string };
}

/**
 * The management agents for Enterprise Single Sign-On that ENTSSO.xml speaks of. An export names them, the agent that
 * gives Windows accounts, and the applications with their sources; where it has the agent's own file too, that one's
 * identifier and connection count.
 */
export function mapEntssoAgents(given: EntssoExport): readonly MappedAgent[] {
  return [...given.files].flatMap(([name, file]) =>
    file.agents.map((agent) => mapAgent(agent, name, file, given)),
  );
}

function mapAgent(
  source: EntssoFile['agents'][number],
  fileName: string,
  file: EntssoFile,
  { mapped, configured, server }: EntssoExport,
): MappedAgent {
  const notes = new MappingNotes();
  const { name, applications } = source;
  const own = mapped.find((one) => one.name === name);
  const known = configured.find((one) => one.kind === 'entsso' && one.name === name);
  const id = own?.id ?? known?.id ?? idOf(name);
  const connection =
    own?.agent?.kind === 'entsso'
      ? own.agent.connection
      : known?.kind === 'entsso'
        ? known.connection
        : undefined;
  notes.taken('Management agent for Enterprise Single Sign-On', fileName);
  if (own !== undefined)
    for (const { setting, verdict, detail } of own.notes)
      if (own.agent !== undefined) notes.add({ setting, verdict, detail });
  if (connection === undefined)
    notes.approximated(
      'Connect To',
      `${server.connectTo} as ${server.user}: the file names neither; enter the server and the account that it runs as`,
    );
  const draft = agentSchema.parse({
    ...(own?.agent?.kind === 'entsso' ? own.agent : {}),
    id,
    name,
    kind: 'entsso',
    connection: connection ?? server,
  });
  const others = [...mapped.flatMap(({ agent }) => agent ?? []), ...configured].filter(
    (one) => one.id !== id,
  );
  const agents = [...new Map(others.map((one) => [one.name, one])).values(), draft];
  const missing = [source.adma, ...applications.map(({ sourceMa }) => sourceMa)].filter(
    (wanted) => !agents.some((one) => one.name === wanted),
  );
  if (missing.length > 0) {
    notes.kept(
      'Mappings',
      `${[...new Set(missing)].map((one) => `"${one}"`).join(', ')}: no agent of this name comes over or is here`,
    );
    return { id, name, category: 'ENTSSO', choices: ['entsso'], agent: draft, notes: notes.all };
  }
  const used = new Set(applications.map(({ sourceMa }) => sourceMa));
  const alone: EntssoFile = { sources: file.sources.filter((one) => used.has(one.name)), agents: [source] };
  const agent = withEntssoFile(agents, alone).find((one) => one.id === id) ?? draft;
  const [breach] =
    agent.kind === 'entsso'
      ? findMappingBreaches(agent, agents, []).filter(({ severity }) => severity === 'error')
      : [];
  if (breach !== undefined) {
    notes.kept('Mappings', `${breach.message}. ${breach.fix}`);
    return { id, name, category: 'ENTSSO', choices: ['entsso'], agent: draft, notes: notes.all };
  }
  notes.taken('Active Directory agent', source.adma);
  notes.taken('Delete mappings of a deleted Windows identity', source.deleteAll ? 'on' : 'off');
  for (const { name: application, sourceMa, create, delete: removes } of applications) {
    const from = file.sources.find((one) => one.name === sourceMa);
    const acts =
      [create ? 'creates' : '', removes ? 'deletes' : ''].filter(Boolean).join(' and ') || 'touches no';
    notes.taken(
      `Application ${application}`,
      `${acts} mappings; user names from ${sourceMa}${from === undefined ? '' : `, ${from.attribute} of ${from.objectType}`}`,
    );
  }
  return { id, name, category: 'ENTSSO', choices: ['entsso'], agent, notes: notes.all };
}

/** The same name has the same identifier in every import, so that a second one replaces the first. */
function idOf(name: string): string {
  const hex = createHash('sha256').update(`ENTSSO\n${name}`).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
