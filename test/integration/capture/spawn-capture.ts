import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { noteRaised } from '#test/raised-events.ts';

import { type CaptureDomain, type LoggedLine, until } from './capture-domain.ts';
import type { Received } from './recording-channel.ts';

/** Everything that the processes of one test said, one after the other. */
export interface CaptureRecord {
  readonly received: Received[];
  readonly log: LoggedLine[];
}

export interface CaptureProcess {
  readonly child: ChildProcess;
  /** Ends it without a chance to finish anything. */
  kill(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
}

/** Starts capture as a process of its own; resolves once it takes changes. */
export async function spawnCapture(captured: CaptureDomain, record: CaptureRecord): Promise<CaptureProcess> {
  const entry = join(import.meta.dirname, 'capture-process.ts');
  const child = spawn(process.execPath, [entry, join(captured.directory, 'capture.json')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let ready = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as { received?: Received; log?: LoggedLine; ready?: boolean };
    if (said.received !== undefined) record.received.push(said.received);
    noteRaised(said.log?.number);
    if (said.log !== undefined) record.log.push(said.log);
    ready ||= said.ready === true;
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await until(() => ready || child.exitCode !== null);
  if (!ready) throw new Error(`Capture ended with ${child.exitCode} at start`);
  const end = (signal: NodeJS.Signals) => () => {
    child.kill(signal);
    return exited;
  };
  return { child, kill: end('SIGKILL'), stop: end('SIGTERM') };
}
