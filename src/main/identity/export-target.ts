import type { Partition } from '#shared/model/agent.ts';

import type { Attributes } from './import-source.ts';
import type { RunErrorWord } from './run-error.ts';
import type { RunResult } from './run-result.ts';

/** An object as it stands in the directory, before the change at hand. */
export interface ExportedName {
  readonly dn: string;
  readonly anchor: string;
  readonly objectType: string;
  readonly attributes: Attributes;
}

/** An object to be made. */
export interface NewObject {
  readonly dn: string;
  readonly objectClasses: readonly string[];
  readonly attributes: Attributes;
}

/** An object to be changed, and how. */
export interface ObjectChange extends ExportedName {
  /** What it is to be called; undefined where its name stays. */
  readonly newDn: string | undefined;
  /** Values by attribute; an empty list takes one away. */
  readonly changes: Attributes;
}

/**
 * The writing half of a management agent, for objects and their attributes; passwords have a way of their own.
 * Every method resolves once the directory has taken the change and throws `ExportFailure` where it did not.
 */
export interface ExportTarget {
  add(partition: Partition, object: NewObject, signal: AbortSignal): Promise<void>;
  /** Replaces the values of the named attributes, then renames where asked. */
  update(partition: Partition, object: ObjectChange, signal: AbortSignal): Promise<void>;
  delete(partition: Partition, object: ExportedName, signal: AbortSignal): Promise<void>;
  /** Attribute that names its objects for good, where no import will ever show them: what it took is so. */
  readonly confirms?: string;
  /** Ends what the writes opened. */
  close(): Promise<void>;
}

/** Why a directory did not take a change. */
export class ExportFailure extends Error {
  override readonly name = 'ExportFailure';
  readonly word: RunErrorWord;
  /** Ends the run with this result; without one, the next object has its turn. */
  readonly result: RunResult | undefined;
  /** Attributes that were not taken, where the others were; only of a target that confirms by itself. */
  readonly notTaken: readonly string[] | undefined;

  constructor(
    word: RunErrorWord,
    message: string,
    options: {
      readonly result?: RunResult;
      readonly cause?: unknown;
      readonly notTaken?: readonly string[];
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.word = word;
    this.result = options.result;
    this.notTaken = options.notTaken;
  }
}
