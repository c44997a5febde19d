import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { applyEdits, modify } from 'jsonc-parser';

import type { Mistake } from '#shared/contract/configuration.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Configuration } from '#shared/model/configuration.ts';

import { changesBetween } from './changes-between.ts';
import { checkConfiguration } from './check-configuration.ts';
import type { JsonPath } from './json-text.ts';
import { writeAtomically } from './write-atomically.ts';

/** A configuration in force. */
export interface RunningConfiguration {
  readonly configuration: Configuration;
  readonly text: string;
  /** Hash of the text. */
  readonly revision: string;
}

export interface ConfigurationChange {
  readonly revision: string;
  readonly changed: boolean;
  readonly mistakes: readonly Mistake[];
}

/** Who brought a configuration in force, and how. */
export interface ChangeOrigin {
  /** In words: an account, `control socket`. */
  readonly by: string;
  readonly kind: 'change' | 'file' | 'restore' | 'undo' | 'import';
  readonly note?: string;
  /** Whoever makes the change writes it into the history. */
  readonly quiet?: boolean;
}

type Guard = (now: Configuration, before: Configuration) => void;
type Listener = (now: Configuration, before: Configuration, origin: ChangeOrigin, textBefore: string) => void;

/** Single edits beyond which the file is written anew: each of them reads the whole text again. */
const editLimit = 50;
const unknownOrigin: ChangeOrigin = { by: 'service', kind: 'change' };

/**
 * The configuration file and the configuration in force. A text with an error never takes the place of a good one:
 * it is refused with its mistakes, and what runs goes on. The file before a write is kept as `<path>.previous`.
 */
export class ConfigurationFile {
  readonly path: string;
  #running: RunningConfiguration;
  readonly #listeners: Listener[] = [];
  readonly #guards: Guard[] = [];

  private constructor(path: string, running: RunningConfiguration) {
    this.path = path;
    this.#running = running;
  }

  /** Throws `AppError` `not_found` or `invalid_configuration`. */
  static open(path: string): ConfigurationFile {
    return new ConfigurationFile(path, parse(readText(path)).running);
  }

  get running(): RunningConfiguration {
    return this.#running;
  }

  get configuration(): Configuration {
    return this.#running.configuration;
  }

  /** Called before each change, with the new and the old configuration; what it throws refuses the change. */
  guard(guard: Guard): void {
    this.#guards.push(guard);
  }

  /** Called after each change, with the new and the old configuration. */
  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Puts the file as it is now in force. */
  reload(by = 'service'): ConfigurationChange {
    const text = readText(this.path);
    this.#check(text);
    return this.#adopt(text, { by, kind: 'file' });
  }

  /** Writes and puts in force a text that was made from `revision`. */
  apply(text: string, revision: string, origin = unknownOrigin): ConfigurationChange {
    if (readText(this.path) === text) return this.#adopt(text, origin);
    this.#refuseConflict(revision);
    this.#check(text);
    return this.#write(text, origin);
  }

  /** Writes and puts in force a whole configuration; what it leaves alone stays as somebody formatted it. */
  put(target: unknown, revision: string, origin: ChangeOrigin): ConfigurationChange {
    const changes = changesBetween(JSON.parse(JSON.stringify(this.configuration)), target);
    if (changes.length <= editLimit) return this.set(changes, revision, origin);
    return this.apply(`${JSON.stringify(target, null, 2)}\n`, revision, origin);
  }

  /** Changes one value, and leaves the rest of the file as somebody formatted it. */
  edit(path: JsonPath, value: unknown, by = unknownOrigin.by): ConfigurationChange {
    return this.set([{ path, value }], this.#running.revision, { by, kind: 'change' });
  }

  /** Changes values that were read at `revision`, one after the other; all of them or none. */
  set(
    changes: readonly { readonly path: JsonPath; readonly value?: unknown }[],
    revision: string,
    origin = unknownOrigin,
  ): ConfigurationChange {
    this.#refuseConflict(revision);
    const text = this.#textWith(changes);
    this.#check(text);
    return this.#write(text, origin);
  }

  /** Throws what `set` would throw of what is in force, and changes nothing. */
  rehearse(changes: readonly { readonly path: JsonPath; readonly value?: unknown }[]): void {
    this.#refuseConflict(this.#running.revision);
    this.#check(this.#textWith(changes));
  }

  #textWith(changes: readonly { readonly path: JsonPath; readonly value?: unknown }[]): string {
    const options = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' } };
    return changes.reduce(
      (before, { path, value }) => applyEdits(before, modify(before, [...path], value, options)),
      this.#running.text,
    );
  }

  #check(text: string): void {
    const { configuration } = parse(text).running;
    for (const guard of this.#guards) guard(configuration, this.configuration);
  }

  #refuseConflict(revision: string): void {
    if (revision !== this.#running.revision)
      throw new AppError('conflict', 'The configuration was changed since it was read', {
        fix: 'Read it again, repeat the change, and apply it.',
      });
    if (hash(readText(this.path)) !== revision)
      throw new AppError('conflict', `${this.path} was edited and not yet put in force`, {
        fix: 'Run "carillon config apply" without a file, or send the service SIGHUP.',
      });
  }

  #write(text: string, origin: ChangeOrigin): ConfigurationChange {
    writeAtomically(`${this.path}.previous`, this.#running.text);
    writeAtomically(this.path, text);
    return this.#adopt(text, origin);
  }

  #adopt(text: string, origin: ChangeOrigin): ConfigurationChange {
    const { running, mistakes } = parse(text);
    const before = this.#running;
    const changed = running.revision !== before.revision;
    if (changed) {
      this.#running = running;
      for (const listener of this.#listeners)
        listener(running.configuration, before.configuration, origin, before.text);
    }
    return { revision: running.revision, changed, mistakes };
  }
}

/** A configuration with an error, with all its mistakes. */
export class ConfigurationError extends AppError {
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    const [first] = mistakes.filter(({ severity }) => severity === 'error');
    const more = mistakes.length > 1 ? ` (and ${mistakes.length - 1} more)` : '';
    const place = first?.path || `line ${first?.line ?? 1}`;
    super('invalid_configuration', `The configuration has a mistake at ${place}: ${first?.message}${more}`, {
      fix: first?.fix ?? 'Run "carillon config check".',
    });
    this.mistakes = mistakes;
  }
}

function parse(text: string): {
  readonly running: RunningConfiguration;
  readonly mistakes: readonly Mistake[];
} {
  const { configuration, mistakes } = checkConfiguration(text);
  if (configuration === undefined) throw new ConfigurationError(mistakes);
  return { running: { configuration, text, revision: hash(text) }, mistakes };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('not_found', `The configuration file ${path} cannot be read`, {
      cause,
      fix: 'Write {"version": 1} to it, or name another with --config.',
    });
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
