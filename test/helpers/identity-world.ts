import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CelExpressions } from '#expressions/cel-expressions.ts';
import type { SpaceObject } from '#identity/connector-space.ts';
import type { ExportTarget } from '#identity/export-target.ts';
import type { ImportSource } from '#identity/import-source.ts';
import { Joiner } from '#identity/joiner.ts';
import type { PreviewDependencies } from '#identity/preview.ts';
import type { Rules } from '#identity/rules.ts';
import { Runner } from '#identity/runner.ts';
import { type Agent, agentSchema } from '#shared/model/agent.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { MetaverseRules } from '#shared/model/identity-rules.ts';
import type { RunStepType } from '#shared/model/run-profile.ts';
import { ConnectorStore } from '#store/connector-store.ts';
import { type Database, openDatabase } from '#store/database.ts';
import { ExportStore } from '#store/export-store.ts';
import { identityCommits } from '#store/identity-commit.ts';
import { JoinTableStore } from '#store/join-table-store.ts';
import { storeMigrations } from '#store/migrations.ts';
import { PersonStore } from '#store/person-store.ts';
import { RunStore } from '#store/run-store.ts';
import { SpaceRegistry } from '#store/space-registry.ts';

import { FakeDirectory } from './fake-directory.ts';

const stepTypes: readonly RunStepType[] = [
  'delta-import-stage-only',
  'full-import-stage-only',
  'full-import-delta-sync',
  'full-import-full-sync',
  'delta-import-delta-sync',
  'delta-sync',
  'full-sync',
  'export',
];

export interface AgentDraft {
  readonly name: string;
  /** A new one where absent. */
  readonly id?: string;
  readonly project?: boolean;
  /** Each rule a list of attribute pairs, `connector=person`. */
  readonly join?: readonly (readonly string[])[];
  /** `connector=person`. */
  readonly flow?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly objectLimit?: number;
  readonly deletionLimit?: number;
  readonly pageSize?: number;
  /** Rules as the configuration writes them: filter, exportFlow, provision, deprovision. */
  readonly rules?: Readonly<Record<string, unknown>>;
  /** Import flow by expression, beside `flow`. */
  readonly expressions?: readonly { readonly expression: string; readonly person: string }[];
}

/** An agent with one run profile per step type, named as the type, over the partition `DC=<name>`. */
export function draftAgent(draft: AgentDraft): Agent {
  const limits = {
    ...(draft.objectLimit === undefined ? {} : { objectLimit: draft.objectLimit }),
    ...(draft.deletionLimit === undefined ? {} : { deletionLimit: draft.deletionLimit }),
    ...(draft.pageSize === undefined ? {} : { pageSize: draft.pageSize }),
  };
  return agentSchema.parse({
    kind: 'ldap',
    id: draft.id ?? randomUUID(),
    name: draft.name,
    connection: { url: 'ldap://127.0.0.1', authentication: { method: 'external' } },
    partitions: [{ dn: `DC=${draft.name}`, include: draft.include ?? [], exclude: draft.exclude ?? [] }],
    project: draft.project ?? false,
    join: (draft.join ?? []).map((pairs) => ({ mappings: pairs.map(parsePair) })),
    flow: [...(draft.flow ?? []).map(parsePair), ...(draft.expressions ?? [])],
    ...draft.rules,
    runProfiles: stepTypes.map((type) => ({ name: type, steps: [{ type, ...limits }] })),
  });
}

/** The identity half of the engine over a database of its own, with a directory in memory behind each agent. */
export class IdentityWorld {
  readonly database: Database;
  readonly connectors: ConnectorStore;
  readonly persons: PersonStore;
  readonly joins: JoinTableStore;
  readonly exports: ExportStore;
  readonly runs: RunStore;
  readonly identity: PreviewDependencies;
  readonly runner: Runner;
  readonly joiner: Joiner;
  readonly directories = new Map<AgentId, FakeDirectory>();
  agents: readonly Agent[];
  metaverse: MetaverseRules = { precedence: [], deletionRule: { kind: 'last-connector' } };
  now = 1_000_000;
  readonly #expressions = new CelExpressions();
  readonly #folder: string;

  /** Opens the database in `folder` where one is given, else a new one. */
  constructor(
    agents: readonly Agent[],
    sourceOf?: (agent: Agent) => ImportSource,
    folder?: string,
    targetOf?: (agent: Agent) => ExportTarget,
  ) {
    this.#folder = folder ?? mkdtempSync(join(tmpdir(), 'carillon-identity-'));
    this.agents = agents;
    for (const { id } of agents) this.directories.set(id, new FakeDirectory());
    this.database = openDatabase(join(this.#folder, 'data', 'carillon.db'), storeMigrations);
    const registry = new SpaceRegistry(this.database);
    this.connectors = new ConnectorStore(this.database, registry);
    this.persons = new PersonStore(this.database);
    this.joins = new JoinTableStore(this.database, registry);
    this.exports = new ExportStore(this.database, registry);
    this.runs = new RunStore(this.database);
    const commits = identityCommits(this.database);
    this.identity = {
      rules: () => this.rules,
      space: this.connectors,
      metaverse: this.persons,
      exports: this.exports,
      commit: commits.commit,
      newGuid: () => randomUUID(),
    };
    this.runner = new Runner({
      ...this.identity,
      ...commits,
      history: this.runs,
      sourceOf: sourceOf ?? ((agent) => this.directory(agent)),
      targetOf: targetOf ?? ((agent) => this.directory(agent).exportTarget),
      now: () => this.now++,
    });
    this.joiner = new Joiner(this.identity);
  }

  get rules(): Rules {
    return { agents: this.agents, metaverse: this.metaverse, expressions: this.#expressions };
  }

  directory(agent: Agent): FakeDirectory {
    const directory = this.directories.get(agent.id);
    if (directory === undefined) throw new Error(`No directory for ${agent.name}`);
    return directory;
  }

  /** Runs one step type, which is also the profile's name. */
  run(agent: Agent, type: RunStepType, signal?: AbortSignal) {
    return this.runner.run(agent.id, type, signal === undefined ? {} : { signal });
  }

  find(agent: Agent, anchor: string) {
    return this.connectors.findByAnchor(agent.id, anchor);
  }

  /** Everything that an agent has imported, by name. */
  objectsOf(agent: AgentId): readonly SpaceObject[] {
    return this.connectors
      .idsOf(agent, 100_000)
      .map((id) => this.connectors.find(id))
      .filter((object) => object !== undefined)
      .sort((left, right) => left.dn.localeCompare(right.dn));
  }

  /** Anchors that share a person, as `agent:anchor` lists; an object without a person stands alone after `-`. */
  joinedSets(): readonly string[] {
    const sets = new Map<string, string[]>();
    for (const agent of this.agents) {
      for (const object of this.objectsOf(agent.id)) {
        const name = `${agent.name}:${object.anchor}`;
        const key = object.person === undefined ? `-${name}` : String(object.person);
        sets.set(key, [...(sets.get(key) ?? []), object.person === undefined ? `-${name}` : name]);
      }
    }
    return [...sets.values()].map((set) => set.sort().join(' ')).sort();
  }

  async close(): Promise<void> {
    await this.database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function parsePair(pair: string): { readonly connector: string; readonly person: string } {
  const [connector = '', person = ''] = pair.split('=');
  return { connector, person };
}
