import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { isRunning, processTree, type RunningProcess, signalProcess } from './process-tree.ts';

export interface ServerProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Standard output and error go here; its end is quoted when the server does not come up. */
  readonly logFile: string;
  /** Resolves true once the server answers. Asked every few milliseconds. */
  readonly isReady: () => Promise<boolean>;
  /** Milliseconds to come up; default 30,000. */
  readonly startTimeout?: number;
}

/** A server in a session of its own, so that Ctrl+C reaches the lab and not its servers. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #exited: Promise<void>;
  #ended = false;

  constructor(child: ChildProcess, name: string) {
    this.#child = child;
    this.#name = name;
    this.#exited = new Promise((resolve) => {
      const end = () => {
        this.#ended = true;
        resolve();
      };
      child.once('exit', end);
      child.once('error', end);
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Asks the server to end; whatever of it is left after the grace period is killed. */
  async stop(graceMilliseconds = 10_000): Promise<void> {
    const tree = this.#tree();
    // A paused server would never see the request.
    for (const one of tree) signalProcess(one, 'SIGCONT');
    for (const root of tree.slice(0, 1)) signalProcess(root, 'SIGTERM');
    const deadline = Date.now() + graceMilliseconds;
    while (tree.some(isRunning) && Date.now() < deadline) await delay(10);
    await this.#killAll(tree);
  }

  /** Ends every process of the server at once, as a power cut would. */
  async kill(): Promise<void> {
    const tree = this.#tree();
    for (const one of tree) signalProcess(one, 'SIGSTOP');
    // Once more: one of them may have forked before it was stopped.
    await this.#killAll([...tree, ...this.#tree()]);
  }

  /** Stops the server in its tracks: its sockets stay open and nothing answers. */
  pause(): void {
    for (const one of this.#tree()) signalProcess(one, 'SIGSTOP');
  }

  resume(): void {
    for (const one of this.#tree()) signalProcess(one, 'SIGCONT');
  }

  async #killAll(tree: readonly RunningProcess[]): Promise<void> {
    for (const one of tree) signalProcess(one, 'SIGKILL');
    await this.#exited;
    for (let round = 0; tree.some(isRunning); round += 1) {
      if (round === 500) throw new Error(`${this.#name} does not end`);
      await delay(10);
    }
  }

  #tree(): RunningProcess[] {
    return this.#ended ? [] : processTree(this.pid);
  }
}

/** Starts a server and waits until it answers; throws with the end of its log when it does not. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const log = openSync(options.logFile, 'a');
  const child = spawn(options.command, options.args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...options.env },
  });
  closeSync(log);
  const server = new ServerProcess(child, options.name);
  const deadline = Date.now() + (options.startTimeout ?? 30_000);
  while (!(await options.isReady())) {
    if (!server.hasEnded && Date.now() < deadline) {
      await delay(20);
      continue;
    }
    const what = server.hasEnded ? 'ended at once' : 'did not come up in time';
    await server.kill();
    const tail = readFileSync(options.logFile, 'utf8').trim().split('\n').slice(-15).join('\n');
    throw new Error(`${options.name} ${what}. The end of ${options.logFile}:\n${tail}`);
  }
  return server;
}
