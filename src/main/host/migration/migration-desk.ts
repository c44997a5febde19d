import { mapEntssoAgents } from '#exchange/migration/map-entsso-agents.ts';
import { type SortedExport, sortExport } from '#exchange/migration/sort-export.ts';
import { kindChoices } from '#exchange/mim/map-connection.ts';
import { type KindChoices, type MappedServer, mapMimServer } from '#exchange/mim/map-mim-server.ts';
import type { MappingNote } from '#exchange/mim/mapping-note.ts';
import { planTarget, type Receiver, serviceCommand } from '#exchange/pcns/pcnscfg-commands.ts';
import { isJsonObject, type JsonObject, toJson } from '#exchange/snapshot/json-value.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { MigrationPreview } from '#shared/contract/migration.ts';
import { type Agent, needsCredential } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { MetaverseRules } from '#shared/model/identity-rules.ts';
import type { Parsed } from '#shared/rpc/contract.ts';
import type { KeptDocuments } from '#store/kept-documents.ts';

import { mergeSsoImport, readSsoImport } from './sso-import.ts';

export interface MigrationDeskParts {
  readonly configuration: () => Configuration;
  readonly documents: KeptDocuments;
  /** Of this computer, where the export names no SSO server. */
  readonly hostName: string;
  /** Objects of PCNS in the directories; rejects where one does not answer. */
  readonly pcns: () => Promise<readonly JsonObject[]>;
  readonly hasCredential: (name: string) => boolean;
  /** Definitions of single sign-on as they are now; undefined where they cannot be read. */
  readonly sections: (options: { readonly mappings: boolean }) => Promise<JsonObject | undefined>;
}

/** What an import puts in force. */
export interface PreparedImport {
  readonly target: JsonObject;
  /** In place of the sections of now; empty where they stay. */
  readonly sections: JsonObject;
  readonly agents: readonly string[];
  readonly definitions: readonly string[];
  readonly mappings: number;
}

type ImportRequest = Parsed<CarillonContract, 'migration.import'>;

/** Works out what kept files of the predecessors become here. */
export class MigrationDesk {
  readonly #parts: MigrationDeskParts;

  constructor(parts: MigrationDeskParts) {
    this.#parts = parts;
  }

  /** Every kept file, read as what it is. Throws `AppError` `not_found` where nothing is kept. */
  read(): SortedExport {
    const kept = [...this.#parts.documents.readAll()];
    if (kept.length === 0)
      throw new AppError('not_found', 'No export is kept here', { fix: 'Read one: carillon migrate read' });
    return sortExport(new Map(kept.map(([name, text]) => [name, new TextEncoder().encode(text)])));
  }

  async preview(kinds: KindChoices): Promise<MigrationPreview> {
    const { configuration, documents, hasCredential } = this.#parts;
    const sorted = this.read();
    const { agents, notes } = mapAgents(sorted, kinds, this.#parts);
    const ids = new Set(configuration().agents.map(({ id }) => String(id)));
    const [sections, pcns] = await Promise.all([
      this.#parts.sections({ mappings: false }),
      sorted.targets.length === 0 ? undefined : this.#parts.pcns().catch(() => undefined),
    ]);
    const sso = readSsoImport(sorted, sections ?? {});
    return {
      files: [...documents.readAll().keys()],
      agents: agents.map(({ id, name, category, agent, notes: own }) => ({
        id: id as AgentId,
        name,
        category,
        ...(agent === undefined ? {} : { kind: agent.kind }),
        choices: agent?.kind === 'entsso' ? ['entsso'] : [...kindChoices(category)],
        exists: ids.has(id),
        needsPassword: agent !== undefined && needsCredential(agent) && !hasCredential(id),
        notes: [...own],
      })),
      definitions: sso.definitions.map(({ preview }) => preview),
      mappings: sso.mappings.length,
      targets: sorted.targets.map((target) => {
        const { name, server, spn, inclusionGroup, exclusionGroup } = target;
        const { state, command } = planTarget(target, pcns, this.#receiver());
        return { name, server, spn, inclusionGroup, exclusionGroup, state, ...(command && { command }) };
      }),
      notes: [...notes, ...noteRest(sorted, sso.system)],
    };
  }

  /** Where domain controllers deliver to this server. */
  #receiver(): Receiver {
    const { configuration, hostName } = this.#parts;
    const spn = configuration().channel?.spn ?? `PCNSCLNT/${hostName}`;
    return { server: spn.slice(spn.indexOf('/') + 1), spn };
  }

  async prepare(request: ImportRequest): Promise<PreparedImport> {
    const { agents: chosen, kinds, definitions, mappings, options } = request;
    if (chosen.length + definitions.length === 0 && !mappings && !options)
      throw new AppError('invalid_input', 'Nothing was chosen that could come over');
    const { configuration: current } = this.#parts;
    const sorted = this.read();
    const configuration = current();
    const mapped = mapAgents(sorted, kinds, this.#parts);
    const all = mapped.agents.flatMap(({ agent }) => agent ?? []);
    const picked = chosen.map((id) => requireAgent(all, id));
    const known = new Set([...configuration.agents, ...picked].map(({ id }) => id));
    const ready = picked.map((agent) => withoutStrangers(inShadow(agent, known), known));
    const replaced = configuration.agents.map((agent) => ready.find(({ id }) => id === agent.id) ?? agent);
    const added = ready.filter(({ id }) => !configuration.agents.some((agent) => agent.id === id));
    const whole = asObject({
      ...configuration,
      agents: [...replaced, ...added],
      metaverse: mergeMetaverse(configuration.metaverse, mapped, { known, options }),
    });
    const wantsSso = definitions.length > 0 || mappings;
    const sections = wantsSso || options ? await this.#parts.sections({ mappings }) : undefined;
    if (wantsSso && sections === undefined)
      throw new AppError('unavailable', 'The credential database does not answer', {
        fix: 'Import again when it does, or without definitions and mappings.',
      });
    const sso = readSsoImport(sorted, sections ?? {});
    const merged = mergeSsoImport(sso, sections ?? {}, { keys: new Set(definitions), mappings });
    const missing = definitions.filter((key) => !sso.definitions.some(({ preview }) => preview.key === key));
    if (missing[0] !== undefined)
      throw new AppError('not_found', `The export has no definition "${missing[0]}"`);
    return {
      target: options ? withOptions(whole, mapped.passwordSync, sso.system) : whole,
      sections: wantsSso ? merged.sections : {},
      agents: ready.map(({ name }) => name),
      definitions: merged.made,
      mappings: merged.mapped,
    };
  }
}

function mapAgents(
  { server, entsso, applications }: SortedExport,
  kinds: KindChoices,
  { configuration, hostName }: MigrationDeskParts,
): MappedServer {
  const mapped: MappedServer =
    server === undefined
      ? { agents: [], passwordSync: {}, precedence: [], deletionRule: undefined, notes: [] }
      : mapMimServer(server, kinds);
  if (entsso.size === 0) return mapped;
  const system: Record<string, unknown> = Object.assign(
    {},
    ...[...applications.values()].map((file) => file.system),
  );
  const connectTo = String(system['masterSecretServer'] ?? hostName);
  const domains = configuration().agents.concat(mapped.agents.flatMap(({ agent }) => agent ?? []));
  const domain = domains.flatMap(({ partitions }) =>
    partitions.flatMap((one) => one.passwordSource?.domain ?? []),
  )[0];
  const agents = mapEntssoAgents({
    files: entsso,
    mapped: mapped.agents,
    configured: configuration().agents,
    server: { connectTo, user: `${domain ?? 'DOMAIN'}\\ENTSSO` },
  });
  const names = new Set(agents.map(({ id }) => id));
  return { ...mapped, agents: [...mapped.agents.filter(({ id }) => !names.has(id)), ...agents] };
}

/** Precedence comes with the agents that it ranks; the deletion rule is an option of the server. */
function mergeMetaverse(
  current: MetaverseRules,
  { precedence, deletionRule }: MappedServer,
  { known, options }: { readonly known: ReadonlySet<string>; readonly options: boolean },
): MetaverseRules {
  const ranked = new Map(current.precedence.map((rule) => [rule.attribute, rule]));
  for (const { attribute, agents } of precedence) {
    const here = agents.filter((id) => known.has(id));
    if (here.length < 2) continue;
    const others = ranked.get(attribute)?.agents.filter((id) => !here.includes(id)) ?? [];
    ranked.set(attribute, { attribute, agents: [...here, ...others] });
  }
  return {
    precedence: [...ranked.values()],
    deletionRule: options
      ? (withoutUnknown(deletionRule, known) ?? current.deletionRule)
      : current.deletionRule,
  };
}

function withoutUnknown(
  rule: MappedServer['deletionRule'],
  known: ReadonlySet<string>,
): MappedServer['deletionRule'] {
  if (rule?.kind !== 'any-of') return rule;
  const agents = rule.agents.filter((id) => known.has(id));
  return agents.length === 0 ? undefined : { ...rule, agents };
}

/** Mappings need every agent that they name. */
function withoutStrangers(agent: Agent, known: ReadonlySet<string>): Agent {
  if (agent.kind !== 'entsso' || agent.mappings === undefined) return agent;
  const { mappings, ...rest } = agent;
  const named = [mappings.windowsAgent, ...mappings.applications.map(({ source }) => source)];
  return named.every((id) => known.has(id)) ? agent : rest;
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

/** Settings of the server and of the system; whether passwords are synchronized stays as it is here. */
function withOptions(
  whole: JsonObject,
  { historySize }: MappedServer['passwordSync'],
  system: JsonObject,
): JsonObject {
  const singleSignOn = asObject(whole['singleSignOn'] ?? {});
  const before = asObject(singleSignOn['system'] ?? {});
  const audits = { ...asObject(before['audits'] ?? {}), ...asObject(system['audits'] ?? {}) };
  return {
    ...whole,
    passwordSync: {
      ...asObject(whole['passwordSync'] ?? {}),
      ...(historySize === undefined ? {} : { historySize }),
    },
    ...(Object.keys(system).length === 0
      ? {}
      : { singleSignOn: { ...singleSignOn, system: { ...before, ...system, audits } } }),
  };
}

function noteRest({ service }: SortedExport, system: JsonObject): readonly MappingNote[] {
  const command = service && serviceCommand(service);
  return [
    ...Object.keys(system).map(
      (setting): MappingNote => ({
        setting: `SSO System: ${setting}`,
        verdict: 'taken over',
        detail: describe(system[setting]),
      }),
    ),
    ...(command === undefined
      ? []
      : [
          {
            setting: 'Service on domain controllers',
            verdict: 'kept only' as const,
            detail: `the directory keeps its settings: ${command}`,
          },
        ]),
  ];
}

function describe(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function asObject(value: unknown): JsonObject {
  const json = toJson(value);
  return isJsonObject(json) ? json : {};
}
