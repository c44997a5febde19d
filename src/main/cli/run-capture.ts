import { readCaptureConfiguration } from '#capture/capture-configuration.ts';
import { startCapture } from '#capture/capture-host.ts';
import { hardenProcess } from '#host/harden-process.ts';
import { systemClock } from '#host/system-clock.ts';
import { version } from '#host/version.ts';

import type { Terminal } from './terminal.ts';

/** Orderly stops that take longer than this are given up; what is queued is on disk anyway. */
const stopLimit = 20_000;

/** Runs capture on a domain controller until SIGTERM or Ctrl+C. */
export async function runCapture(configurationFile: string | undefined, { stderr }: Terminal): Promise<void> {
  hardenProcess();
  const configuration = readCaptureConfiguration(configurationFile);
  const writeLine = (line: string): void => {
    stderr.write(`${line}\n`);
  };
  let end: (failed: boolean) => void = () => {};
  const ended = new Promise<boolean>((resolve) => {
    end = resolve;
  });
  // Before the start: a signal that comes while it lasts must end capture in order, not cut it off.
  process.on('SIGTERM', () => end(false)).on('SIGINT', () => end(false));
  // A reload is asked of every service alike; this one reads its configuration in rounds anyway.
  process.on('SIGHUP', () => {});
  const running = await startCapture(configuration, {
    clock: systemClock,
    productVersion: version,
    writeLine,
  });
  const fail = (error: unknown): void => {
    const message = error instanceof Error ? error.message : 'Unknown failure';
    writeLine(JSON.stringify({ at: new Date().toISOString(), severity: 'error', message }));
    end(true);
  };
  process.on('uncaughtException', fail).on('unhandledRejection', fail);
  const failed = await ended;
  setTimeout(() => process.exit(1), stopLimit).unref();
  await running.stop();
  if (failed) process.exitCode = 1;
}
