import { ImportFailure } from '#identity/import-failure.ts';
import type { ConnectionStep } from '#identity/import-source.ts';

/** Tries one step and says in words what it found; throws to the end of the test where it fails. */
export type Attempt = (name: ConnectionStep['name'], work: () => Promise<string>) => Promise<void>;

/** Ends a test at the step that failed. */
class StepFailed extends Error {}

/** Runs a connection test step by step; the first step that fails is the last. */
export async function testSteps(
  work: (attempt: Attempt) => Promise<void>,
  toFailure: (error: unknown) => unknown,
  /** The step that really failed, where another one led to it. */
  stepOf: (error: unknown) => ConnectionStep['name'] | undefined = () => undefined,
): Promise<readonly ConnectionStep[]> {
  const steps: ConnectionStep[] = [];
  const attempt: Attempt = async (name, one) => {
    const started = performance.now();
    const ms = (): number => Math.round((performance.now() - started) * 10) / 10;
    try {
      const detail = await one();
      steps.push({ name, ok: true, ms: ms(), detail });
    } catch (error) {
      const failure = toFailure(error);
      if (!(failure instanceof ImportFailure)) throw error;
      const { message, fix } = failure;
      steps.push({
        name: stepOf(error) ?? name,
        ok: false,
        ms: ms(),
        detail: message,
        ...(fix !== undefined && { fix }),
      });
      throw new StepFailed();
    }
  };
  try {
    await work(attempt);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
  }
  return steps;
}
