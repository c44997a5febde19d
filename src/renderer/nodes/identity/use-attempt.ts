import { useConsole } from '#console/console-context.ts';
import { inOneLine, problemOf } from '#console/problem-of.ts';

/** Runs what a button started, and reports its failure under the button's name. */
export function useAttempt(): (title: string, work: () => Promise<unknown>) => void {
  const { notify } = useConsole();
  return (title, work) => {
    work().catch((error: unknown) => notify({ tone: 'problem', title, body: inOneLine(problemOf(error)) }));
  };
}
