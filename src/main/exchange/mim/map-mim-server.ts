import { type Agent, agentSchema } from '#shared/model/agent.ts';

import { textAt } from '../xml/xml-document.ts';
import { kindChoices } from './kind-choices.ts';
import { mapConnection } from './map-connection.ts';
import { type MappedMetaverse, mapMetaverse } from './map-metaverse.ts';
import { mapPartitions } from './map-partitions.ts';
import { mapRules } from './map-rules.ts';
import { mapRunProfiles } from './map-run-profiles.ts';
import { type MappingNote, MappingNotes } from './mapping-note.ts';
import { noteRest } from './note-rest.ts';
import { ruledTypes } from './object-types.ts';
import { notePasswordSettings, readPasswordSettings } from './password-bindings.ts';
import type { MimAgent, MimServer } from './read-mim-server.ts';

/** What became of one agent of the export. */
export interface MappedAgent {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  /** What it can become, `ldap:sun` or `sql-server`, the obvious one first; empty where there is nothing to choose. */
  readonly choices: readonly string[];
  /** Undefined where nothing of it runs here; its file is kept all the same. */
  readonly agent: Agent | undefined;
  readonly notes: readonly MappingNote[];
}

export interface MappedServer extends MappedMetaverse {
  readonly agents: readonly MappedAgent[];
}

/** Kinds that somebody chose, by the agent's id: `ldap:openldap`. */
export type KindChoices = Readonly<Record<string, string>>;

/** Object types of Notes by their classes of LDAP. */
const dominoClasses: Readonly<Record<string, string>> = { person: 'dominoPerson', group: 'dominoGroup' };

/** Brings an export into our model and says of every setting how it came over. */
export function mapMimServer(server: MimServer, choices: KindChoices = {}): MappedServer {
  const all = new Set(server.agents.map(({ id }) => id));
  const drafts = server.agents.map((agent) => mapAgent(agent, server, all, choices[agent.id]));
  // A second round without the targets that did not come over: a configuration must not name them.
  const known = new Set(drafts.filter(({ agent }) => agent !== undefined).map(({ id }) => id));
  const agents = server.agents.map((agent) => mapAgent(agent, server, known, choices[agent.id]));
  return { agents, ...mapMetaverse(server.metaverse, known) };
}

function mapAgent(
  source: MimAgent,
  { metaverse }: MimServer,
  known: ReadonlySet<string>,
  choice: string | undefined,
): MappedAgent {
  const { id, name, category, data } = source;
  const notes = new MappingNotes();
  const connection = mapConnection(category, data, notes, choice);
  const choices = connection === undefined ? [] : kindChoices(category, data);
  const head = { id, name, category, choices };
  if (connection === undefined) return { ...head, agent: undefined, notes: notes.all };
  const ruled = ruledTypes(id, data, metaverse);
  const targets = new Set([...known].filter((one) => one !== id));
  const kind = String(connection['kind']);
  const classes = connection['profile'] === 'domino' ? dominoClasses : {};
  const partitions = mapPartitions(data, { known: targets, ruled, kind, classes }, notes);
  const drafted = {
    id,
    name,
    description: textAt(data, 'description').slice(0, 1024),
    ...connection,
    // Kinds that have one partition make it by themselves.
    ...(partitions.length === 0 && kind !== 'active-directory' && kind !== 'ldap' ? {} : { partitions }),
    ...mapRules(id, data, { metaverse, ruled }, notes),
    password: readPasswordSettings(data),
    runProfiles: mapRunProfiles(data, notes),
  };
  notePasswordSettings(data, notes);
  noteRest(data, notes);
  const { data: agent, error } = agentSchema.safeParse(drafted);
  for (const { path, message } of error?.issues ?? [])
    notes.kept(path.join('.') || 'Agent', `what it became is not valid here: ${message}`);
  return { ...head, agent, notes: notes.all };
}
