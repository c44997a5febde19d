import { type Agent, agentSchema } from '#shared/model/agent.ts';

import { elementAt, elementsOf, textAt } from '../xml/xml-document.ts';
import { mapConnection } from './map-connection.ts';
import { mapPartitions } from './map-partitions.ts';
import { mapRules } from './map-rules.ts';
import { mapRunProfiles } from './map-run-profiles.ts';
import { type MappingNote, MappingNotes } from './mapping-note.ts';
import { passwordBindings, readPasswordSettings } from './password-bindings.ts';
import type { MimAgent, MimServer } from './read-mim-server.ts';

/** What became of one agent of the export. */
export interface MappedAgent {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  /** Undefined where nothing of it runs here; its file is kept all the same. */
  readonly agent: Agent | undefined;
  readonly notes: readonly MappingNote[];
}

export interface MappedServer {
  readonly agents: readonly MappedAgent[];
  /** Settings of the server: what stands in Tools > Options there. */
  readonly passwordSync: { readonly enabled?: boolean; readonly historySize?: number };
  readonly notes: readonly MappingNote[];
}

/** Kinds that somebody chose, by the agent's id: `ldap:openldap`. */
export type KindChoices = Readonly<Record<string, string>>;

/** Brings an export into our model and says of every setting how it came over. */
export function mapMimServer(server: MimServer, choices: KindChoices = {}): MappedServer {
  const all = new Set(server.agents.map(({ id }) => id));
  const drafts = server.agents.map((agent) => mapAgent(agent, server, all, choices[agent.id]));
  // A second round without the targets that did not come over: a configuration must not name them.
  const known = new Set(drafts.filter(({ agent }) => agent !== undefined).map(({ id }) => id));
  const agents = server.agents.map((agent) => mapAgent(agent, server, known, choices[agent.id]));
  return { agents, ...mapServer(server) };
}

function mapAgent(
  source: MimAgent,
  { metaverse }: MimServer,
  known: ReadonlySet<string>,
  choice: string | undefined,
): MappedAgent {
  const { id, name, category, data } = source;
  const notes = new MappingNotes();
  const head = { id, name, category };
  const connection = mapConnection(category, data, notes, choice);
  if (connection === undefined) return { ...head, agent: undefined, notes: notes.all };
  const password = readPasswordSettings(data);
  for (const { key, label } of passwordBindings)
    if (password[key] !== undefined) notes.taken(label, String(password[key]));
  const extension = textAt(data, 'extension/assembly-name');
  if (extension !== '') notes.kept('Rules extension', `${extension} cannot run here`);
  const drafted = {
    id,
    name,
    description: textAt(data, 'description').slice(0, 1024),
    ...connection,
    partitions: mapPartitions(data, new Set([...known].filter((one) => one !== id)), notes),
    ...mapRules(id, data, metaverse, notes),
    password,
    runProfiles: mapRunProfiles(data, notes),
  };
  const { data: agent, error } = agentSchema.safeParse(drafted);
  for (const { path, message } of error?.issues ?? [])
    notes.kept(path.join('.') || 'Agent', `what it became is not valid here: ${message}`);
  return { ...head, agent, notes: notes.all };
}

function mapServer({ metaverse }: MimServer): Pick<MappedServer, 'passwordSync' | 'notes'> {
  const notes = new MappingNotes();
  const enabled = textAt(metaverse, 'password-sync/password-sync-enabled');
  const size = Number(textAt(metaverse, 'password-change-history-size'));
  if (enabled !== '') notes.taken('Enable Password Synchronization', enabled === '1' ? 'on' : 'off');
  const fits = Number.isInteger(size) && size >= 1 && size <= 1000;
  if (fits) notes.taken('Save last password change/set event details', String(size));
  const extension = textAt(metaverse, 'extension/assembly-name');
  if (extension !== '') notes.kept('Metaverse rules extension', `${extension} cannot run here`);
  if (metaverse !== undefined) notes.kept('Metaverse schema', 'attributes need no declaration here');
  mapDeletionRules(metaverse, notes);
  return {
    passwordSync: {
      ...(enabled === '' ? {} : { enabled: enabled === '1' }),
      ...(fits ? { historySize: size } : {}),
    },
    notes: notes.all,
  };
}

/** One rule an object type there, one rule for all persons here; the default of both is the last connector. */
function mapDeletionRules(metaverse: MimServer['metaverse'], notes: MappingNotes): void {
  for (const rule of elementsOf(elementAt(metaverse, 'mv-deletion'), 'mv-deletion-rule')) {
    const setting = `Object deletion rule of ${rule.attributes.get('mv-object-type') ?? ''}`;
    const type = rule.attributes.get('type') ?? '';
    if (type === 'declared-last') notes.taken(setting, 'with the last connector');
    else notes.kept(setting, `it is ${type}; set the one rule of all persons in the Metaverse Designer`);
  }
}
