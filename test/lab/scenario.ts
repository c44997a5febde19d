import type { Lab } from './lab.ts';

export interface ScenarioContext {
  readonly lab: Lab;
  /** Tells people what happens; never goes to standard output. */
  readonly onProgress: (line: string) => void;
  /** Aborted by Ctrl+C: the scenario then stops what it has started and throws. */
  readonly signal: AbortSignal;
}

/** What a scenario leaves running until {@link ScenarioRun.stop}. */
export interface ScenarioRun {
  /** The document that `--json` prints; `ok` decides the exit code. */
  readonly result: { readonly ok: boolean };
  /** Lines for `npm run lab` that tell how to use what is running. */
  readonly usage: readonly string[];
  stop(): Promise<void>;
}

/** What a module scenario-<name>.ts exports as `runScenario`: something that happens in a running lab. */
export type RunScenario = (context: ScenarioContext) => Promise<ScenarioRun>;
