import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { Reply } from '#shared/rpc/contract.ts';

/** What a test of a connection came to, in one line. */
export interface TestAnswer {
  readonly ok: boolean;
  readonly words: string;
}

/** Waits for a test; what cannot be asked does not work either. */
export async function readAnswer(
  asked: Promise<Reply<CarillonContract, 'agents.test'>>,
): Promise<TestAnswer> {
  try {
    const { ok, steps } = await asked;
    const last = steps.at(-1);
    const words = ok ? 'Works' : [last?.detail, last?.fix].filter(Boolean).join('. ');
    return { ok, words: words || 'Does not work' };
  } catch (error) {
    return { ok: false, words: error instanceof Error ? error.message : 'No answer' };
  }
}
