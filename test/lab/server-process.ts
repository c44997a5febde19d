import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import {
  type BindMounts,
  type HeldMountNamespace,
  holdMountNamespace,
  inMountNamespace,
  mountNamespaceOf,
} from './mount-namespace.ts';
import { findProcesses, type RunningProcess, signalProcess, stopInTracks } from './process-table.ts';

export interface ServerProcessOptions {
  readonly name: string;
  readonly command: readonly string[];
  /** Folders that only this server sees in other places. */
  readonly mounts?: BindMounts;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Standard output and error go here; its end is quoted when the server does not come up. */
  readonly logFile: string;
  /** Resolves true once the server answers. Asked every few milliseconds. */
  readonly isReady: () => Promise<boolean>;
  /** Milliseconds to come up; default 120,000: a machine with much else to do takes its time. */
  readonly startTimeout?: number;
}

/**
 * A server in a session and a mount namespace of its own.
 * The session keeps Ctrl+C from it. The mount namespace names its processes, whatever they fork: a process
 * group does not, since smbd leaves it, and parents do not, since they may be gone.
 */
class ServerProcess {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #exited: Promise<void>;
  /** Held, since the kernel gives the number of a namespace that is gone to the next one: a kill would end its server. */
  #mountNamespace: HeldMountNamespace | undefined;
  #ended = false;
  #ending = '';

  constructor(child: ChildProcess, name: string) {
    this.#child = child;
    this.#name = name;
    this.#exited = new Promise((resolve) => {
      const end = (ending: string) => {
        this.#ended = true;
        this.#ending = ending;
        resolve();
      };
      child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
      child.once('error', ({ message }) => end(message));
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** How it ended: an exit code, a signal. */
  get ending(): string {
    return this.#ending;
  }

  /** Asks the server to end; whatever of it is left after the grace period is killed. */
  async stop(graceMilliseconds = 10_000): Promise<void> {
    const processes = this.#processes();
    // A paused server would never see the request.
    for (const one of processes) signalProcess(one, 'SIGCONT');
    for (const one of processes) if (one.pid === this.pid) signalProcess(one, 'SIGTERM');
    const deadline = Date.now() + graceMilliseconds;
    while (this.#processes().length > 0 && Date.now() < deadline) await delay(20);
    await this.kill();
  }

  /** Ends every process of the server at once, as a power cut would. */
  async kill(): Promise<void> {
    // Stopped first, so that none of them forks while the others are being killed.
    this.pause();
    for (let round = 0, left = this.#processes(); left.length > 0; round += 1, left = this.#processes()) {
      if (round === 500) throw new Error(`${this.#name} does not end`);
      for (const one of left) signalProcess(one, 'SIGKILL');
      await delay(10);
    }
    await this.#exited;
    this.#mountNamespace?.[Symbol.dispose]();
    this.#mountNamespace = undefined;
  }

  /** Stops the server in its tracks: its sockets stay open and nothing answers. */
  pause(): void {
    for (const one of this.#processes()) stopInTracks(one);
  }

  resume(): void {
    for (const one of this.#processes()) signalProcess(one, 'SIGCONT');
  }

  /** Learns the server's mount namespace, which begins a moment after the process does. */
  identify(): void {
    if (this.#mountNamespace !== undefined || this.#ended) return;
    const found = holdMountNamespace(this.pid);
    if (found?.identity === mountNamespaceOf('self')) found?.[Symbol.dispose]();
    else this.#mountNamespace = found;
  }

  #processes(): RunningProcess[] {
    const own = this.#mountNamespace?.identity;
    return findProcesses((pid) =>
      own === undefined ? pid === this.pid && !this.#ended : mountNamespaceOf(pid) === own,
    );
  }
}

export type { ServerProcess };

/** Starts a server and waits until it answers; throws with the end of its log when it does not. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const log = openSync(options.logFile, 'a');
  const [command, ...args] = inMountNamespace(options.mounts ?? {}, options.command);
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...options.env },
  });
  closeSync(log);
  const server = new ServerProcess(child, options.name);
  const deadline = Date.now() + (options.startTimeout ?? 120_000);
  for (;;) {
    const isReady = await options.isReady();
    server.identify();
    if (isReady && !server.hasEnded) return server;
    if (server.hasEnded || Date.now() > deadline) break;
    await delay(20);
  }
  const what = server.hasEnded ? `ended at once (${server.ending})` : 'did not come up in time';
  await server.kill();
  const tail = readFileSync(options.logFile, 'utf8').trim().split('\n').slice(-15).join('\n');
  throw new Error(`${options.name} ${what}. The end of ${options.logFile}:\n${tail}`);
}
