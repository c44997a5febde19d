import type { Readable, Writable } from 'node:stream';

import type { ExtensionError } from './extension-error.ts';

/** A running program that speaks over its standard input and output. */
export interface ExtensionProgram {
  readonly input: Writable;
  readonly output: Readable;
  /** Settles when it has ended, whatever the cause. */
  readonly ended: Promise<void>;
  /** Why it did not even start. */
  readonly startFailure: ExtensionError | undefined;
  /** Whether it had to be ended. */
  readonly killed: boolean;
  /** How it ended, as a sentence goes on: ` with code 1`. */
  readonly ending: string;
  /** Ends it and everything that it has started, at once. */
  kill(): void;
}
