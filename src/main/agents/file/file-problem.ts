import type { RunErrorWord } from '#identity/run-error.ts';
import type { RunResult } from '#identity/run-result.ts';

import type { Place } from './file-record.ts';

export interface FileProblemDetail {
  readonly place?: Place;
  readonly fix?: string;
  readonly cause?: unknown;
}

/** A file that cannot be read any further. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
  readonly result: RunResult;
  readonly word: RunErrorWord;
  readonly place: Place | undefined;
  readonly fix: string | undefined;

  constructor(result: RunResult, word: RunErrorWord, message: string, detail: FileProblemDetail = {}) {
    super(message, { cause: detail.cause });
    this.result = result;
    this.word = word;
    this.place = detail.place;
    this.fix = detail.fix;
  }
}
