import { type ChildProcess, spawn } from 'node:child_process';

import { deskContract, type LabStatus } from '#shared/contract/desk-contract.ts';
import type { Port } from '#shared/rpc/port.ts';
import { serve } from '#shared/rpc/serve.ts';
import { Topics } from '#shared/rpc/topics.ts';

/** Where the lab says that its service keeps everything. */
const serviceLine = /--data (.+) status$/;

export interface LabDeskOptions {
  /** Program and arguments that start the lab and leave it running until SIGTERM. */
  readonly command: readonly [string, ...string[]];
  /** Why there is no lab here. */
  readonly lack?: string | undefined;
}

/** Starts and stops the lab for the console that is open, and tells how far it is. */
export class LabDesk {
  readonly #command: readonly [string, ...string[]];
  readonly #topics = new Topics(deskContract);
  #child: ChildProcess | undefined;
  #isEnding = false;
  #status: LabStatus;

  constructor({ command, lack }: LabDeskOptions) {
    this.#command = command;
    this.#status =
      lack === undefined ? { state: 'ready', words: 'Not started' } : { state: 'absent', words: lack };
  }

  attach(port: Port): void {
    serve({
      contract: deskContract,
      handlers: {
        'lab.status': () => this.#status,
        'lab.start': () => {
          this.#start();
          return this.#status;
        },
        'lab.stop': () => {
          this.#end();
          return this.#status;
        },
      },
      topics: this.#topics,
      port,
      access: 'administer',
      caller: 'console',
      report: () => undefined,
    });
  }

  /** Stops the lab that this desk started. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.#end();
    await gone;
  }

  /** Has the lab take everything down; it is ready again once that is done. */
  #end(): void {
    if (this.#child === undefined || this.#isEnding) return;
    this.#isEnding = true;
    if (this.#status.state === 'starting') this.#tell({ state: 'starting', words: 'Stopping the servers' });
    this.#child.kill('SIGTERM');
  }

  #start(): void {
    if (this.#child !== undefined || this.#status.state === 'absent') return;
    const [program, ...rest] = this.#command;
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#tell({ state: 'starting', words: 'Starting the servers' });
    let last = 'It ended without a word';
    onLines(child.stderr, (line) => {
      last = line;
      if (this.#status.state === 'starting' && !this.#isEnding)
        this.#tell({ state: 'starting', words: line });
    });
    onLines(child.stdout, (line) => {
      const dataDirectory = serviceLine.exec(line)?.[1];
      if (dataDirectory !== undefined && !this.#isEnding)
        this.#tell({ state: 'running', words: 'The lab runs', dataDirectory });
    });
    child.once('error', (error) => {
      last = error.message;
    });
    child.once('close', (code) => {
      const wanted = this.#isEnding || this.#status.state === 'running' || code === 0 || code === null;
      this.#child = undefined;
      this.#isEnding = false;
      if (wanted) this.#tell({ state: 'ready', words: 'Stopped' });
      else this.#tell({ state: 'failed', words: last });
    });
  }

  #tell(status: LabStatus): void {
    this.#status = status;
    this.#topics.emit('lab.changed', status);
  }
}

/** Calls back for each line without its end; a last line that has none is passed over. */
function onLines(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let begun = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (begun + chunk).split('\n');
    begun = (lines.pop() ?? '').slice(-4096);
    for (const line of lines) if (line.trim() !== '') take(line.trim());
  });
}
