import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { dialControl } from '#host/control/dial-control.ts';
import { type CarillonContract, carillonContract } from '#shared/contract/carillon-contract.ts';
import { connect } from '#shared/rpc/connect.ts';
import type { MethodName, Reply, Sent } from '#shared/rpc/contract.ts';
import { noteRaised } from '#test/raised-events.ts';
import { runCliHere } from '#test/run-cli-here.ts';

const entry = resolve(import.meta.dirname, '../../../src/main/cli.ts');
/** Compiled code is kept between the many short processes of a test run. */
const cache = join(tmpdir(), 'carillon-compile-cache');
/** Milliseconds that a service may take to answer. */
const startLimit = 60_000;

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A service in a process and a data directory of its own, with a command line to talk to it. */
export class ServiceProcess {
  readonly dataDirectory = mkdtempSync(join(tmpdir(), 'carillon-host-'));
  #child: ChildProcess | undefined;
  #log = '';

  get configurationFile(): string {
    return join(this.dataDirectory, 'carillon.json');
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Lines of the structured log so far. */
  get log(): readonly Record<string, unknown>[] {
    return this.#log
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  configure(configuration: unknown): void {
    const text = typeof configuration === 'string' ? configuration : JSON.stringify(configuration, null, 2);
    writeFileSync(this.configurationFile, text);
  }

  async start(env: NodeJS.ProcessEnv = {}): Promise<void> {
    const child = spawn(process.execPath, [entry, 'serve', '--data', this.dataDirectory], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: cache, ...env },
    });
    this.#child = child;
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#log += chunk.toString();
    });
    child.once('close', () => {
      for (const line of this.log) noteRaised(line['event']);
    });
    const deadline = Date.now() + startLimit;
    while (Date.now() < deadline) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`The service ended at once:\n${this.#log}`);
      if (await this.#answers()) return;
      await setTimeout(50);
    }
    throw new Error(`The service does not answer:\n${this.#log}`);
  }

  async #answers(): Promise<boolean> {
    try {
      (await dialControl(this.dataDirectory)).close('Seen');
      return true;
    } catch {
      return false;
    }
  }

  /** Sends a signal and resolves with the exit code; null where the signal itself ended the process. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Asks the service itself, where a command would only cost time. */
  async call<M extends MethodName<CarillonContract>>(
    method: M,
    input: Sent<CarillonContract, M>,
  ): Promise<Reply<CarillonContract, M>> {
    const port = await dialControl(this.dataDirectory);
    try {
      return await connect(carillonContract, port).call(method, input);
    } finally {
      port.close('Done');
    }
  }

  /** Runs one command line against the data directory; `stdin` is what is piped in. */
  carillon(args: readonly string[], stdin = '', env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return runCarillon([...args, '--data', this.dataDirectory], stdin, env);
  }

  /** The same in this process, where the process itself is not what a test is about: each costs a second. */
  carillonHere(args: readonly string[], stdin = ''): Promise<Finished> {
    return runCliHere([...args, '--data', this.dataDirectory], stdin);
  }

  async dispose(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.dataDirectory, { recursive: true, force: true });
  }
}

export async function runCarillon(
  args: readonly string[],
  stdin = '',
  env: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: cache, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.end(stdin);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
