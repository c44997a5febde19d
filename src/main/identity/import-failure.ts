import type { RunErrorWord } from './run-error.ts';
import type { RunResult } from './run-result.ts';

export interface ImportFailureDetail {
  /** The connected directory's own words. */
  readonly serverText?: string;
  /** What the administrator does about it, one imperative sentence. */
  readonly fix?: string;
  readonly cause?: unknown;
}

/** An import that could not start or go on; `result` is how its run step ends. */
export class ImportFailure extends Error {
  override readonly name = 'ImportFailure';
  readonly result: RunResult;
  readonly word: RunErrorWord;
  readonly serverText: string | undefined;
  readonly fix: string | undefined;

  constructor(result: RunResult, word: RunErrorWord, message: string, detail: ImportFailureDetail = {}) {
    super(message, { cause: detail.cause });
    this.result = result;
    this.word = word;
    this.serverText = detail.serverText;
    this.fix = detail.fix;
  }
}
