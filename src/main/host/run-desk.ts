import type { RunError } from '#identity/run-error.ts';
import type { RunHistory, RunRecord } from '#identity/run-history.ts';
import type { Runner } from '#identity/runner.ts';
import type { Run } from '#shared/contract/agents.ts';
import type { Agent } from '#shared/model/agent.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { RunStore } from '#store/run-store.ts';

import type { AgentNames } from './agent-names.ts';
import { runOf } from './handlers/run-of.ts';

export interface RunDeskParts {
  readonly names: AgentNames;
  readonly runs: RunStore;
  readonly changed: (run: Run) => void;
  readonly report: (error: unknown) => void;
}

/** Starts runs for whoever asks, tells of their progress, and remembers which have begun. */
export class RunDesk implements RunHistory {
  readonly #parts: RunDeskParts;
  readonly #beginnings = new Map<AgentId, (run: number) => void>();

  constructor(parts: RunDeskParts) {
    this.#parts = parts;
  }

  async begin(agent: AgentId, profile: string, startedAt: number): Promise<number> {
    const run = await this.#parts.runs.begin(agent, profile, startedAt);
    this.#beginnings.get(agent)?.(run);
    return run;
  }

  async record(run: RunRecord, errors: readonly RunError[]): Promise<void> {
    const { runs, names, changed } = this.#parts;
    await runs.record(run, errors);
    changed(runOf(run, names, runs));
  }

  /** Delete Connector Space, to its end. */
  async clear(runner: Runner, { id }: Agent): Promise<Run> {
    return runOf(await runner.clear(id), this.#parts.names, this.#parts.runs);
  }

  /** Runs a profile: to its end where the caller waits, or until it has begun. */
  async run(
    runner: Runner,
    { id }: Agent,
    profile: string,
    { wait, resume = false }: { readonly wait: boolean; readonly resume?: boolean },
  ): Promise<Run> {
    const { names, runs, report } = this.#parts;
    const options = resume ? { resumes: runs.lastOf(id, profile) } : {};
    const begun = new Promise<number>((resolve) => this.#beginnings.set(id, resolve));
    const ended = runner.run(id, profile, options).finally(() => this.#beginnings.delete(id));
    if (wait) return runOf(await ended, names, runs);
    const number = await Promise.race([begun, ended.then(({ run }) => run)]);
    ended.catch(report);
    const record = runs.find(number);
    if (record === undefined) throw new Error(`Run ${number} left no record`);
    return runOf(record, names, runs);
  }
}
