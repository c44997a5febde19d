import { useConsole } from '#console/console-context.ts';

/** Runs what a button started, and reports its failure under the button's name. */
export function useAttempt(): (title: string, work: () => Promise<unknown>) => void {
  const { notify } = useConsole();
  return (title, work) => {
    work().catch((error: unknown) => {
      const fix = error instanceof Error && 'fix' in error ? ` ${String(error.fix ?? '')}` : '';
      const message = error instanceof Error ? error.message : 'The service gave no reason';
      notify({ tone: 'problem', title, body: `${message}.${fix}` });
    });
  };
}
