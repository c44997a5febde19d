import type { Agent, Partition } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { ConnectorId } from '#shared/model/change.ts';
import type { RunProfile, RunStep, RunStepType } from '#shared/model/run-profile.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';
import type { ExportTarget } from './export-target.ts';
import type { Exporter } from './exporter.ts';
import { ImportFailure } from './import-failure.ts';
import type { ImportSource } from './import-source.ts';
import type { Importer } from './importer.ts';
import type { ObjectError, RunError } from './run-error.ts';
import type { RunHistory, RunRecord, RunStepRecord } from './run-history.ts';
import { isCompleted, type RunResult, worstResult } from './run-result.ts';
import { emptyExport, emptyStaging, emptySynchronization } from './run-statistics.ts';
import type { SynchronizationStep } from './synchronization-pass.ts';

interface Work {
  readonly imports?: 'full' | 'delta';
  readonly synchronizes?: 'full' | 'delta';
  readonly exports?: true;
}

const workOf: Readonly<Record<RunStepType, Work>> = {
  'delta-import-stage-only': { imports: 'delta' },
  'full-import-stage-only': { imports: 'full' },
  'full-import-delta-sync': { imports: 'full', synchronizes: 'delta' },
  'full-import-full-sync': { imports: 'full', synchronizes: 'full' },
  'delta-import-delta-sync': { imports: 'delta', synchronizes: 'delta' },
  'delta-sync': { synchronizes: 'delta' },
  'full-sync': { synchronizes: 'full' },
  export: { exports: true },
};

export interface RunProgress {
  readonly run: number;
  /** Position of the step record, from 0. */
  readonly step: number;
  readonly phase: 'import' | 'synchronization' | 'export';
  readonly objects: number;
}

export interface RunParts {
  readonly agent: Agent;
  readonly profile: RunProfile;
  readonly history: RunHistory;
  readonly importer: Importer;
  readonly exporter: Exporter;
  readonly sourceOf: (agent: Agent) => ImportSource;
  /** Throws `ImportFailure` for a kind of agent that cannot export. */
  readonly targetOf: (agent: Agent) => ExportTarget;
  readonly synchronize: (step: SynchronizationStep) => Promise<RunResult>;
  readonly seen: Set<ConnectorId>;
  /** Steps of a stopped run that this one goes on from, as they ended. */
  readonly passed: readonly RunStepRecord[];
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void;
}

type MutableStep = { -readonly [Key in keyof RunStepRecord]: RunStepRecord[Key] };

/** One execution of a run profile, recorded step by step. */
export class Run {
  readonly #parts: RunParts;
  readonly #steps: MutableStep[];
  readonly #startedAt: number;
  #run = 0;
  #errors = 0;
  #unwritten: RunError[] = [];

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#startedAt = parts.now();
    this.#steps = structuredClone([...parts.passed]);
  }

  /** Resolves to the record, whatever the result; throws only what no run result stands for. */
  async execute(): Promise<RunRecord> {
    const { agent, profile, history } = this.#parts;
    this.#run = await history.begin(agent.id, profile.name, this.#startedAt);
    let failure: unknown;
    let passed = this.#steps.length;
    for (const step of profile.steps) {
      for (const partition of this.#partitionsOf(step)) {
        passed -= 1;
        if (passed >= 0) continue;
        failure = await this.#execute(step, partition);
        if (!this.#hasCompleted()) break;
      }
      if (!this.#hasCompleted()) break;
    }
    const record = this.#record(worstResult(this.#steps.map(({ result }) => result)), this.#parts.now());
    await this.#write(record);
    if (failure !== undefined) throw failure;
    return record;
  }

  #hasCompleted(): boolean {
    const last = this.#steps.at(-1);
    return last === undefined || isCompleted(last.result);
  }

  /** A partition that is not configured stands in for itself, so that the step can be recorded. */
  #partitionsOf(step: RunStep): readonly (Partition | string)[] {
    const { partitions } = this.#parts.agent;
    if (step.partition === undefined) return partitions;
    const name = foldDn(step.partition);
    return [partitions.find(({ dn }) => foldDn(dn) === name) ?? step.partition];
  }

  /** Returns an error that no run result stands for. */
  async #execute(settings: RunStep, partition: Partition | string): Promise<unknown> {
    const record: MutableStep = {
      type: settings.type,
      partition: typeof partition === 'string' ? partition : partition.dn,
      result: 'in-progress',
      startedAt: this.#parts.now(),
      endedAt: undefined,
      statistics: {
        staging: emptyStaging(),
        synchronization: emptySynchronization(),
        export: emptyExport(),
      },
    };
    this.#steps.push(record);
    await this.#write(this.#record('in-progress', undefined));
    let unexpected: unknown;
    try {
      record.result = await this.#work(settings, partition, record);
    } catch (error) {
      record.result = this.#resultOf(error);
      // What stops a run says no more than its result does.
      if (!this.#parts.signal.aborted) record.detail = describe(error);
      if (record.result === 'stopped-server' && !(error instanceof AppError)) unexpected = error;
    }
    record.endedAt = this.#parts.now();
    await this.#write(this.#record('in-progress', undefined));
    return unexpected;
  }

  async #work(settings: RunStep, partition: Partition | string, record: MutableStep): Promise<RunResult> {
    if (typeof partition === 'string')
      throw new ImportFailure(
        'no-start-partition-not-configured',
        'failed-search',
        `${this.#parts.agent.name} has no partition ${partition}`,
        { fix: 'Name a configured partition in the run step, or none for all of them.' },
      );
    const { agent, signal, seen } = this.#parts;
    const work = workOf[settings.type];
    const common = { fail: (error: ObjectError) => this.#fail(error), signal };
    const results: RunResult[] = [];
    if (work.imports !== undefined) {
      seen.clear();
      const { result, note } = await this.#parts.importer.run({
        ...common,
        agent: agent.id,
        partition,
        source: this.#parts.sourceOf(agent),
        kind: work.imports,
        settings,
        statistics: record.statistics.staging,
        seen,
        progress: (objects) => this.#progress('import', objects),
      });
      if (note !== undefined) record.detail = note;
      results.push(result);
    }
    if (work.synchronizes !== undefined) {
      const result = await this.#parts.synchronize({
        ...common,
        agent: agent.id,
        partition: partition.dn,
        full: work.synchronizes === 'full',
        statistics: record.statistics.synchronization,
        progress: (objects) => this.#progress('synchronization', objects),
      });
      results.push(result);
    }
    if (work.exports === true) {
      const result = await this.#parts.exporter.run({
        ...common,
        agent: agent.id,
        partition,
        target: this.#parts.targetOf(agent),
        settings,
        statistics: record.statistics.export,
        progress: (objects) => this.#progress('export', objects),
      });
      results.push(result);
    }
    return worstResult(results);
  }

  #progress(phase: RunProgress['phase'], objects: number): void {
    this.#parts.onProgress({ run: this.#run, step: this.#steps.length - 1, phase, objects });
  }

  #fail(error: ObjectError): void {
    this.#unwritten.push({ ...error, step: this.#steps.length - 1 });
    this.#errors += 1;
  }

  #resultOf(error: unknown): RunResult {
    const { signal } = this.#parts;
    if (signal.aborted)
      return signal.reason === 'shutdown'
        ? 'stopped-service-shutdown'
        : 'stopped-user-termination-from-wmi-or-ui';
    return error instanceof ImportFailure ? error.result : 'stopped-server';
  }

  #record(result: RunResult, endedAt: number | undefined): RunRecord {
    const { agent, profile } = this.#parts;
    return {
      run: this.#run,
      agent: agent.id,
      profile: profile.name,
      result,
      startedAt: this.#startedAt,
      endedAt,
      steps: structuredClone(this.#steps),
      errors: this.#errors,
    };
  }

  async #write(record: RunRecord): Promise<void> {
    const errors = this.#unwritten;
    this.#unwritten = [];
    await this.#parts.history.record(record, errors);
  }
}

/** The fact, the directory's own words, and what to do about it. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message } = error;
  const serverText = error instanceof ImportFailure ? error.serverText : undefined;
  const fix = error instanceof ImportFailure || error instanceof AppError ? error.fix : undefined;
  return [message, serverText, fix].filter((part) => part !== undefined).join(' | ');
}
