import { existsSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { Worker } from 'node:worker_threads';

import { ExtensionError } from './extension-error.ts';
import type { ExtensionProgram } from './extension-program.ts';
import { programEnvironment } from './program-environment.ts';

/** The sample program as a command, for where there is no Node to run it with. */
export const accountBookCommand = 'carillon:account-book';

/** Whether a command names a program that comes with the product and runs in a thread of it. */
export function isOwnProgram(command: string): boolean {
  return command === accountBookCommand;
}

/**
 * A program of the product's own in a thread: the desktop application's binary runs no scripts, so that there a
 * process of its own is not to be had. It shares nothing with the engine but its standard input and output.
 */
export class OwnProgram implements ExtensionProgram {
  readonly input: Writable;
  readonly output: Readable;
  readonly ended: Promise<void>;
  readonly startFailure = undefined;
  readonly #worker: Worker;
  #killed = false;
  #code: number | undefined;

  constructor() {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(readAccountBook())}`), {
      stdin: true,
      stdout: true,
      stderr: true,
      env: programEnvironment(),
    });
    // What it complains about may hold a password.
    worker.stderr.resume();
    const { stdin } = worker;
    if (stdin === null) throw new Error('A thread without an input');
    this.#worker = worker;
    this.input = stdin;
    this.output = worker.stdout;
    this.ended = new Promise((resolve) => {
      // Its exit follows.
      worker.once('error', () => undefined);
      worker.once('exit', (code) => {
        this.#code = code;
        // Nobody reads any more what was still to be written.
        this.input.destroy();
        resolve();
      });
    });
  }

  get killed(): boolean {
    return this.#killed;
  }

  get ending(): string {
    return this.#code === undefined ? '' : ` with code ${this.#code}`;
  }

  kill(): void {
    this.#killed ||= this.#code === undefined;
    void this.#worker.terminate();
    this.input.destroy();
    this.output.destroy();
  }
}

/** The program's text: built beside this file, or in the source tree. */
function readAccountBook(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const built = join(folder, 'account-book.js');
    if (existsSync(built)) return readFileSync(built, 'utf8');
    const source = join(folder, 'samples/extensions/account-book.ts');
    if (existsSync(source)) return stripTypeScriptTypes(readFileSync(source, 'utf8'));
    if (folder === dirname(folder))
      throw new ExtensionError('not-found', 'The sample program is not installed');
  }
}
