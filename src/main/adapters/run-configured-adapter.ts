import { readAdapterFile } from './adapter-file.ts';
import { runAdapter } from './client/run-adapter.ts';
import { openAdapterWork } from './open-adapter-work.ts';

/** Runs the adapter that a file describes until this process is told to end. Throws `AppError` for a file with a mistake. */
export async function runConfiguredAdapter(file: string, log: (line: string) => void): Promise<void> {
  const settings = readAdapterFile(file);
  const work = await openAdapterWork(settings, log);
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  await runAdapter(work, {
    socket: settings.socket,
    adapter: settings.adapter,
    tokenFile: settings.tokenFile,
    concurrency: settings.concurrency,
    reportDirectory: settings.reportDirectory,
    log,
    signal: stopping.signal,
  });
}
