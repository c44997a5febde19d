import type { Agent } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { AgentId, ConnectorId } from '#shared/model/change.ts';

import type { Commits } from './commit.ts';
import type { ConnectorSpace } from './connector-space.ts';
import type { ExportTarget } from './export-target.ts';
import { Exporter } from './exporter.ts';
import type { ImportSource } from './import-source.ts';
import { Importer } from './importer.ts';
import type { Metaverse } from './metaverse.ts';
import { passedSteps } from './passed-steps.ts';
import type { PendingExports } from './pending-exports.ts';
import type { Rules } from './rules.ts';
import { Run, type RunProgress } from './run.ts';
import type { ObjectError, RunError } from './run-error.ts';
import { clearingStep, type RunHistory, type RunRecord } from './run-history.ts';
import type { RunResult } from './run-result.ts';
import { emptyExport, emptyStaging, emptySynchronization } from './run-statistics.ts';
import { SpaceClearing } from './space-clearing.ts';
import { Stager } from './stager.ts';
import { SynchronizationPass } from './synchronization-pass.ts';
import { Synchronizer } from './synchronizer.ts';

/** What the history calls it. */
const clearingProfile = 'Delete Connector Space';
/** Objects that one single import may have touched in other agents; more wait for the next run. */
const mostReviews = 100;

export interface RunnerDependencies extends Commits {
  /** The rules as configured now. */
  readonly rules: () => Rules;
  readonly space: ConnectorSpace;
  readonly metaverse: Metaverse;
  readonly exports: PendingExports;
  readonly history: RunHistory;
  readonly sourceOf: (agent: Agent) => ImportSource;
  readonly targetOf: (agent: Agent) => ExportTarget;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  readonly newGuid: () => string;
}

export interface RunOptions {
  /** A run of the profile that was stopped: steps that it completed are not repeated. */
  readonly resumes?: RunRecord | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

interface ActiveRun {
  readonly controller: AbortController;
  readonly seen: Set<ConnectorId>;
  readonly ended: Promise<RunRecord>;
}

/**
 * Runs the run profiles of the agents: one run per agent at a time, agents beside one another, synchronization one
 * at a time.
 */
export class Runner {
  readonly #dependencies: RunnerDependencies;
  readonly #synchronizer: Synchronizer;
  readonly #importer: Importer;
  readonly #exporter: Exporter;
  readonly #pass: SynchronizationPass;
  readonly #clearing: SpaceClearing;
  readonly #active = new Map<AgentId, ActiveRun>();
  /** Agents whose connector space is taken away: nothing is provisioned there meanwhile. */
  readonly #cleared = new Set<AgentId>();
  #lastPass: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(dependencies: RunnerDependencies) {
    const { space, commit, repeatable, exports } = dependencies;
    this.#dependencies = dependencies;
    this.#synchronizer = new Synchronizer({ ...dependencies, rules: () => this.#rules() });
    this.#importer = new Importer(space, exports, { commit, repeatable });
    this.#exporter = new Exporter(space, exports, commit);
    this.#clearing = new SpaceClearing({ space, exports, commit, synchronizer: this.#synchronizer });
    this.#pass = new SynchronizationPass({ space, commit, synchronizer: this.#synchronizer });
  }

  /** Agents whose run is going on. */
  get running(): readonly AgentId[] {
    return [...this.#active.keys()];
  }

  /**
   * Executes a run profile to its end and resolves to its record, whatever its result. Throws `AppError`:
   * `not_found` for an unknown agent or profile, `conflict` while the agent runs, `unavailable` after `stop`.
   */
  async run(id: AgentId, profileName: string, options: RunOptions = {}): Promise<RunRecord> {
    const agent = this.#agent(id);
    const profile = agent.runProfiles.find(({ name }) => name.toLowerCase() === profileName.toLowerCase());
    if (profile === undefined)
      throw new AppError('not_found', `${agent.name} has no run profile "${profileName}"`, {
        fix: `Choose one of: ${agent.runProfiles.map(({ name }) => name).join(', ') || 'none is configured'}.`,
      });
    this.#requireIdle(agent);

    const controller = new AbortController();
    const seen = new Set<ConnectorId>();
    const run = new Run({
      ...this.#dependencies,
      agent,
      profile,
      seen,
      passed: 'resumes' in options ? passedSteps(agent, profile, options.resumes) : [],
      importer: this.#importer,
      exporter: this.#exporter,
      synchronize: (step) => this.#inTurn(() => this.#pass.run(step)),
      signal: controller.signal,
      onProgress: options.onProgress ?? (() => undefined),
    });
    const cancel = () => controller.abort('user');
    if (options.signal?.aborted) cancel();
    options.signal?.addEventListener('abort', cancel, { once: true });
    const ended = this.#execute(run).finally(() => {
      options.signal?.removeEventListener('abort', cancel);
      this.#active.delete(id);
    });
    this.#active.set(id, { controller, seen, ended });
    return ended;
  }

  /**
   * Delete Connector Space, recorded as a run is. Throws `AppError`: `not_found` for an unknown agent, `conflict`
   * while the agent runs, `unavailable` after `stop`.
   */
  async clear(id: AgentId): Promise<RunRecord> {
    const agent = this.#agent(id);
    this.#requireIdle(agent);
    const controller = new AbortController();
    const ended = this.#inTurn(() => this.#clear(agent, controller.signal)).finally(() => {
      this.#active.delete(id);
      this.#cleared.delete(id);
    });
    this.#active.set(id, { controller, seen: new Set(), ended });
    this.#cleared.add(id);
    return ended;
  }

  /** Asks the agent's run to stop after the transaction at hand. False where none is going on. */
  cancel(id: AgentId): boolean {
    const active = this.#active.get(id);
    active?.controller.abort('user');
    return active !== undefined;
  }

  /**
   * Imports and synchronizes one object now, for a change whose account no import has shown yet. Resolves to its
   * row, or undefined where the directory has no such object in scope. Throws `ImportFailure`.
   */
  async importOne(id: AgentId, anchor: string, signal: AbortSignal): Promise<ConnectorId | undefined> {
    const agent = this.#agent(id);
    const { space, exports, commit } = this.#dependencies;
    const source = this.#dependencies.sourceOf(agent);
    await space.prepare(this.#dependencies.rules().agents);
    for (const partition of agent.partitions) {
      const object = await source.fetchObject(partition, anchor, signal);
      if (object === undefined) continue;
      const row = await commit(() => {
        const nothing = () => undefined;
        const report = { statistics: emptyStaging(), seen: nothing, fail: nothing, nameless: nothing };
        new Stager({ space, exports, agent: id, partition }).stage([{ kind: 'object', object }], report);
        const staged = space.findByAnchor(id, anchor);
        if (staged === undefined) return undefined;
        // A full import that has passed this object's place already must not take it for deleted.
        this.#active.get(id)?.seen.add(staged.id);
        this.#synchronizeNow(staged.id);
        for (const other of space.reviewIds(mostReviews)) this.#synchronizeNow(other);
        return staged.id;
      });
      if (row !== undefined) return row;
    }
    return undefined;
  }

  /** Stops every run and resolves when they have been recorded. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const active = [...this.#active.values()];
    for (const { controller } of active) controller.abort('shutdown');
    await Promise.allSettled(active.map(({ ended }) => ended));
  }

  async #execute(run: Run): Promise<RunRecord> {
    await this.#dependencies.space.prepare(this.#dependencies.rules().agents);
    return run.execute();
  }

  async #clear(agent: Agent, signal: AbortSignal): Promise<RunRecord> {
    const { history, now } = this.#dependencies;
    const startedAt = now();
    const run = await history.begin(agent.id, clearingProfile, startedAt);
    const synchronization = emptySynchronization();
    const statistics = { staging: emptyStaging(), synchronization, export: emptyExport() };
    const errors: RunError[] = [];
    const fail = (error: ObjectError) => errors.push({ ...error, step: 0 });
    let result: RunResult;
    let unexpected: unknown;
    try {
      result = await this.#clearing.run({ agent: agent.id, statistics: synchronization, fail, signal });
    } catch (error) {
      if (!signal.aborted) unexpected = error;
      result = stoppedResult(signal);
    }
    const endedAt = now();
    const step = { type: clearingStep, partition: '', result, startedAt, endedAt, statistics } as const;
    const record = {
      run,
      agent: agent.id,
      profile: clearingProfile,
      result,
      startedAt,
      endedAt,
      steps: [step],
      errors: errors.length,
    };
    await history.record(record, errors);
    if (unexpected !== undefined) throw unexpected;
    return record;
  }

  #rules(): Rules {
    const rules = this.#dependencies.rules();
    if (this.#cleared.size === 0) return rules;
    const agents = rules.agents.map((agent) =>
      this.#cleared.has(agent.id) ? withoutProvisioning(agent) : agent,
    );
    return { ...rules, agents };
  }

  #requireIdle({ id, name }: Agent): void {
    if (this.#stopped) throw new AppError('unavailable', 'The service is stopping');
    if (this.#active.has(id)) throw new AppError('conflict', `A run of ${name} is going on`);
  }

  #agent(id: AgentId): Agent {
    const agent = this.#dependencies.rules().agents.find((candidate) => candidate.id === id);
    if (agent === undefined) throw new AppError('not_found', `No management agent "${id}"`);
    return agent;
  }

  #synchronizeNow(id: ConnectorId): void {
    const object = this.#dependencies.space.find(id);
    const report = { statistics: emptySynchronization(), fail: () => undefined };
    if (object !== undefined) this.#synchronizer.synchronize(object, report);
  }

  #inTurn<T>(pass: () => Promise<T>): Promise<T> {
    const turn = this.#lastPass.then(pass, pass);
    this.#lastPass = turn.catch(() => undefined);
    return turn;
  }
}

function withoutProvisioning(agent: Agent): Agent {
  if (agent.kind === 'entsso') return { ...agent, mappings: undefined };
  return { ...agent, provision: undefined };
}

function stoppedResult({ aborted, reason }: AbortSignal): RunResult {
  if (!aborted) return 'stopped-server';
  return reason === 'shutdown' ? 'stopped-service-shutdown' : 'stopped-user-termination-from-wmi-or-ui';
}
