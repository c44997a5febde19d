import type { SystemStatus } from '#shared/contract/system.ts';

import { ConfigurationError } from './configuration/configuration-file.ts';
import { hardenProcess } from './harden-process.ts';
import { keepMemorySmall } from './keep-memory-small.ts';
import { describeErrorChain } from './log/error-chain.ts';
import { type Host, type HostOptions, startHost } from './start-host.ts';

/** Orderly stops that take longer than this are given up; what is queued is on disk anyway. */
const stopLimit = 20_000;

export interface ServiceOptions extends HostOptions {
  /** Told once when the service is ready; what it returns is awaited before the service stops. */
  readonly onReady?: (status: SystemStatus, host: Host) => Promise<() => Promise<void>> | undefined;
}

/**
 * Runs the service until a signal ends it: SIGTERM and SIGINT stop it in order, SIGHUP reads the configuration again.
 * A defect that nobody caught is logged and stops it too. Resolves when it has stopped.
 */
export async function runService({ onReady, ...options }: ServiceOptions): Promise<void> {
  hardenProcess();
  keepMemorySmall();
  let host: Host | undefined;
  let end: (failed: boolean) => void = () => {};
  const ended = new Promise<boolean>((resolve) => {
    end = resolve;
  });
  const stop = (): void => end(false);
  const reload = (): void => {
    if (host !== undefined) reloadConfiguration(host);
  };
  const fail = (error: unknown): void => {
    host?.log.error('An unexpected failure stops the service', { error });
    end(true);
  };
  // Before the start: a signal that comes while it lasts must end the service in order, not cut it off.
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', reload);
  let failed = false;
  try {
    host = await startHost(options);
    process.on('uncaughtException', fail).on('unhandledRejection', fail);
    const finish = await onReady?.(await host.status(), host);
    failed = await ended;
    await stopInOrder(host, finish);
  } finally {
    process.off('SIGTERM', stop).off('SIGINT', stop).off('SIGHUP', reload);
    process.off('uncaughtException', fail).off('unhandledRejection', fail);
  }
  if (failed) process.exitCode = 1;
}

async function stopInOrder(host: Host, finish: (() => Promise<void>) | undefined): Promise<void> {
  const timer = setTimeout(() => process.exit(1), stopLimit).unref();
  await finish?.();
  await host.stop();
  clearTimeout(timer);
}

function reloadConfiguration({ configuration, log, note }: Host): void {
  try {
    const { changed, revision } = configuration.reload();
    if (!changed) log.information('The configuration is unchanged', { revision });
  } catch (error) {
    const [first = 'It cannot be read'] = describeErrorChain(error);
    note(7033, `${configuration.path} was refused; the one in force stays: ${first}`);
    const mistakes = error instanceof ConfigurationError ? error.mistakes : [];
    for (const { severity, path, line, message, found, allowed, fix } of mistakes)
      log.write(severity, message, { path, line, found, allowed, fix });
  }
}
