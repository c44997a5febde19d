import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { PcnsSession } from './pcns-session.ts';
import type { PcnscfgParameter } from './pcnscfg-parameters.ts';

/** What a verb of pcnscfg sees of the outside. */
export interface PcnscfgIo {
  /** Writes a text and a line end to standard output. */
  readonly write: (text: string) => void;
  /** The same to standard error. */
  readonly warn: (text: string) => void;
  /** Asks at the terminal without showing what is typed, or reads a line of standard input. The verb wipes it. */
  readonly readSecret: (prompt: string) => Promise<SecretBytes>;
  /** Whether results are printed as JSON. */
  readonly json: boolean;
}

export interface PcnscfgVerb {
  readonly name: string;
  readonly summary: string;
  readonly parameters: readonly PcnscfgParameter[];
  /** Throws `AppError`; nothing was changed then. */
  readonly run: (args: readonly string[], io: PcnscfgIo) => Promise<void>;
}

/** One run of a verb: the open configuration and the parameters given, by key. */
export interface PcnscfgRun {
  readonly session: PcnsSession;
  readonly values: ReadonlyMap<string, string>;
  readonly io: PcnscfgIo;
}

/** Prints what was done: a sentence, or the new value as JSON. */
export function reportResult(io: PcnscfgIo, sentence: string, value: object): void {
  io.write(io.json ? JSON.stringify(value) : sentence);
}
