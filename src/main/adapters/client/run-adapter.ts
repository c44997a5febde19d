import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { messageOf } from '#shared/model/message-of.ts';

import { AdapterClient, type Answered } from './adapter-client.ts';
import { AdapterFailure, type AdapterWork } from './adapter-work.ts';
import { ReportFolder } from './report-folder.ts';
import { ReportQueue } from './report-queue.ts';

export interface AdapterOptions {
  readonly socket: string;
  readonly adapter: string;
  /** The file that proves the access account. */
  readonly tokenFile: string;
  /** Changes that are set side by side. */
  readonly concurrency: number;
  /** Folder for captured changes that the server does not have yet; used by work that captures. */
  readonly reportDirectory: string;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** First and longest pause before the server is called again, milliseconds. */
const [firstPause, longestPause] = [250, 15_000];
/** How long one password may take on the external system, milliseconds. */
const setLimit = 60_000;

/**
 * Runs an adapter until the signal: connects, comes back after every loss, sets what it is given and reports what it
 * captures. Only a signal ends it.
 */
export async function runAdapter(work: AdapterWork, options: AdapterOptions): Promise<void> {
  const { signal, log, adapter } = options;
  const reports =
    work.capture === undefined
      ? undefined
      : new ReportQueue(new ReportFolder(options.reportDirectory, adapter, log), log);
  const endCapture = reports && (await work.capture?.((change) => reports.add(change)));
  let pause = firstPause;
  try {
    while (!signal.aborted) {
      try {
        const client = await AdapterClient.open({
          socket: options.socket,
          adapter,
          token: readFileSync(options.tokenFile, 'utf8').trim(),
          software: work.software,
        });
        log(`"${adapter}" is connected`);
        const began = Date.now();
        await serve(client, work, reports, options);
        // Who is sent away at once again and again must not hammer at the door.
        if (Date.now() - began > longestPause) pause = firstPause;
        log(`"${adapter}" lost the server`);
      } catch (error) {
        log(`"${adapter}" is not connected: ${messageOf(error)}`);
      }
      await delay(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, longestPause);
    }
  } finally {
    await endCapture?.();
    reports?.close();
    await work.close();
  }
}

/** One session, until its link is lost. */
async function serve(
  client: AdapterClient,
  work: AdapterWork,
  reports: ReportQueue | undefined,
  { concurrency, log, signal }: AdapterOptions,
): Promise<void> {
  const abort = new AbortController();
  const stop = (): void => {
    client
      .ask({ type: 'shutdown' })
      .catch(() => undefined)
      .finally(() => client.close());
  };
  signal.addEventListener('abort', stop, { once: true });
  const width = Math.max(1, Math.min(concurrency, client.welcome.maxPending));
  const hands = Array.from({ length: width }, () => fetchAndSet(client, work, log, abort.signal));
  try {
    await Promise.all([...hands, reports?.send(client)]);
  } finally {
    abort.abort();
    signal.removeEventListener('abort', stop);
    client.close();
  }
}

/** Fetches notifications, one after another; several run side by side. */
async function fetchAndSet(
  client: AdapterClient,
  work: AdapterWork,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!client.isClosed) {
    const answered = await client.ask({ type: 'receive', wait: true }).catch(() => undefined);
    if (answered === undefined) return;
    const { answer } = answered;
    if (answer.type === 'result') {
      log(`The server gives nothing: ${answer.message ?? answer.event}`);
      await delay(1000, undefined, { signal }).catch(() => undefined);
    } else if (answer.kind === 'password-change') {
      await setOne(client, work, answered, signal).catch(() => undefined);
    } else if (answer.kind === 'status-request') {
      await sayStatus(client, work, signal).catch(() => undefined);
    } else if (answer.kind === 'shutdown') {
      client.close(new Error('The server ended the session'));
    }
  }
}

async function setOne(
  client: AdapterClient,
  work: AdapterWork,
  { answer, newPassword, oldPassword }: Answered,
  signal: AbortSignal,
): Promise<void> {
  using password = newPassword;
  using old = oldPassword;
  if (answer.type !== 'notification' || answer.kind !== 'password-change' || password === undefined) return;
  const { notification } = answer;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(setLimit)]);
  try {
    await work.setPassword(answer, password, old, limit);
  } catch (error) {
    const failure =
      error instanceof AdapterFailure
        ? error
        : new AdapterFailure('The adapter failed inside', { isTemporary: true, cause: error });
    await client.ask({
      type: 'confirm',
      notification,
      errorCode: failure.code === 0 ? 1 : failure.code,
      errorMessage: failure.message.slice(0, 4096),
      retry: failure.isTemporary,
    });
    return;
  }
  await client.ask({ type: 'confirm', notification });
}

async function sayStatus(client: AdapterClient, work: AdapterWork, signal: AbortSignal): Promise<void> {
  try {
    await work.probe(signal);
    await client.ask({ type: 'status', state: 'online' });
  } catch (error) {
    const message = messageOf(error);
    const code = error instanceof AdapterFailure ? error.code : 1;
    await client.ask({ type: 'status', state: 'offline', code, message: message.slice(0, 4096) });
  }
}
