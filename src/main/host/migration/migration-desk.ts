import { mapEntssoAgents } from '#exchange/migration/map-entsso-agents.ts';
import { type SortedExport, sortExport } from '#exchange/migration/sort-export.ts';
import { type KindChoices, type MappedServer, mapMimServer } from '#exchange/mim/map-mim-server.ts';
import type { MappingNote } from '#exchange/mim/mapping-note.ts';
import { planTarget, type Receiver, serviceCommand } from '#exchange/pcns/pcnscfg-commands.ts';
import type { ListedTarget } from '#exchange/pcns/read-pcns-listing.ts';
import { isJsonObject, type JsonObject, toJson } from '#exchange/snapshot/json-value.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { MigrationPreview } from '#shared/contract/migration.ts';
import type { ChannelStatus } from '#shared/contract/system.ts';
import { type Agent, needsCredential } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import { defaultTargetPort } from '#shared/model/pcns.ts';
import type { Parsed } from '#shared/rpc/contract.ts';
import type { KeptDocuments } from '#store/kept-documents.ts';

import { mergeMetaverse } from './merge-metaverse.ts';
import { mergeSsoImport, readSsoImport } from './sso-import.ts';

export interface MigrationDeskParts {
  readonly configuration: () => Configuration;
  readonly documents: KeptDocuments;
  /** Of this computer, where the export names no SSO server. */
  readonly hostName: string;
  /** Objects of PCNS in the directories; rejects where one does not answer. */
  readonly pcns: () => Promise<readonly JsonObject[]>;
  /** How the channel for domain controllers stands. */
  readonly channel: () => Promise<ChannelStatus>;
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

/** Characters of a name in a preview: files say what they like. */
const longestName = 128;

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
    const receiver = await this.#receiver();
    return {
      files: [...documents.readAll().keys()],
      agents: agents.map(({ id, name, category, choices, agent, notes: own }) => ({
        id: id as AgentId,
        name: name.slice(0, longestName),
        category: category.slice(0, longestName),
        ...(agent === undefined ? {} : { kind: agent.kind }),
        choices: agent?.kind === 'entsso' ? ['entsso'] : [...choices],
        exists: ids.has(id),
        needsPassword: agent !== undefined && needsCredential(agent) && !hasCredential(id),
        notes: [...own],
      })),
      definitions: sso.definitions.map(({ preview }) => preview),
      mappings: sso.mappings.length,
      targets: sorted.targets.map((target) => {
        const { name, server, spn, inclusionGroup, exclusionGroup } = target;
        const { state, command } = planTarget(target, pcns, receiver);
        return { name, server, spn, inclusionGroup, exclusionGroup, state, ...(command && { command }) };
      }),
      notes: [...notes, ...noteRest(sorted, sso.system)],
    };
  }

  /** The target of a listing, and where it is to lead. Throws `AppError` `conflict` where nothing listens here. */
  async targetToLead(name: string): Promise<{ readonly target: ListedTarget; readonly receiver: Receiver }> {
    const target = this.read().targets.find((one) => one.name === name);
    if (target === undefined) throw new AppError('not_found', `The export has no target "${name}"`);
    if ((await this.#parts.channel()).state !== 'listening')
      throw new AppError('conflict', 'This server does not listen for domain controllers', {
        fix: 'Set "channel" up and switch password synchronization on first: changes for it would wait.',
      });
    return { target, receiver: await this.#receiver() };
  }

  /** Where domain controllers deliver to this server. */
  async #receiver(): Promise<Receiver> {
    const { configuration, hostName, channel } = this.#parts;
    const settings = configuration().channel;
    const spn = settings?.spn ?? `PCNSCLNT/${hostName}`;
    const { port = settings?.port, fingerprint } = await channel();
    const host = spn.slice(spn.indexOf('/') + 1);
    return {
      server: port === undefined || port === 0 || port === defaultTargetPort ? host : `${host}:${port}`,
      spn,
      // A company's certificate is vouched for by its authority.
      fingerprint: settings?.certificateFile === undefined ? fingerprint : undefined,
    };
  }

  /** An agent of the export as it would come over. Throws `AppError` `not_found` where it is kept only. */
  agentOf(id: string, kinds: KindChoices): Agent {
    return requireAgent(
      mapAgents(this.read(), kinds, this.#parts).agents.flatMap(({ agent }) => agent ?? []),
      id,
    );
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
