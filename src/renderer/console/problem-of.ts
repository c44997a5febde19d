/** What went wrong, in words, and what to do where the failure says so. */
export interface Problem {
  readonly message: string;
  readonly fix?: string;
}

/** A failure as it is shown; whatever else was thrown has no words for people. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { message: 'The service gave no reason' };
  const { message } = error;
  return 'fix' in error && typeof error.fix === 'string' ? { message, fix: error.fix } : { message };
}

/** A problem in one line: what went wrong, then what to do. */
export function inOneLine({ message, fix = '' }: Problem): string {
  return `${message}. ${fix}`.trim();
}
