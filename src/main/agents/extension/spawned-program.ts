import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

import type { Extension } from '#shared/model/agent-extension.ts';

import { ExtensionError } from './extension-error.ts';
import type { ExtensionProgram } from './extension-program.ts';
import { programEnvironment } from './program-environment.ts';

/** A program in a process of its own. */
export class SpawnedProgram implements ExtensionProgram {
  readonly input: Writable;
  readonly output: Readable;
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  #startFailure: ExtensionError | undefined;

  constructor(extension: Extension, onComplaint: 'ignore' | 'inherit') {
    const { command, workingDirectory } = extension;
    const child = spawn(command, extension.arguments, {
      // What it complains about may hold a password, so that only its author sees it.
      stdio: ['pipe', 'pipe', onComplaint],
      env: programEnvironment(),
      shell: false,
      windowsHide: true,
      // A process group of its own, so that what it has started ends with it.
      detached: process.platform !== 'win32',
      ...(workingDirectory !== undefined && { cwd: workingDirectory }),
    });
    const { stdin, stdout } = child;
    if (stdin === null || stdout === null) throw new Error('A child process without pipes');
    this.#child = child;
    this.input = stdin;
    this.output = stdout as Readable;
    this.ended = new Promise((resolve) => {
      child.once('error', (cause) => {
        this.#startFailure = startFailureOf(command, cause);
        resolve();
      });
      child.once('exit', () => resolve());
    });
  }

  get startFailure(): ExtensionError | undefined {
    return this.#startFailure;
  }

  get killed(): boolean {
    return this.#child.signalCode === 'SIGKILL';
  }

  get ending(): string {
    const { exitCode, signalCode } = this.#child;
    if (signalCode !== null) return ` by ${signalCode}`;
    return exitCode === null ? '' : ` with code ${exitCode}`;
  }

  kill(): void {
    const { pid } = this.#child;
    try {
      if (pid !== undefined && process.platform !== 'win32') process.kill(-pid, 'SIGKILL');
      else this.#child.kill('SIGKILL');
    } catch {
      // It has ended already.
    }
    this.output.destroy();
  }
}

function startFailureOf(command: string, cause: Error): ExtensionError {
  const code = 'code' in cause ? cause.code : undefined;
  return code === 'ENOENT'
    ? new ExtensionError('not-found', `There is no program "${command}"`, { cause })
    : new ExtensionError('not-startable', `"${command}" cannot be started (${String(code)})`, { cause });
}
