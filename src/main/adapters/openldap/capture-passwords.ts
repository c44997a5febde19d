import { setTimeout as delay } from 'node:timers/promises';

import type { PasswordReport } from '../client/adapter-work.ts';
import { type AskedPassword, AskedPasswords } from './asked-passwords.ts';
import { listenToOverlay } from './sock-listener.ts';

/** How long the directory may take to answer, and pause before it is asked again, milliseconds. */
const [timeout, pause] = [30_000, 5000];

export interface CaptureParts {
  readonly overlaySocket: string;
  readonly adapter: string;
  /** Where passwords are kept until there is a report of them. */
  readonly directory: string;
  /** Whether the writes of this name are not told. */
  readonly isIgnored: (writer: string) => boolean;
  /** The account of an entry; undefined for one that has none. */
  readonly accountOf: (entry: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Whether an entry signs in with a password. */
  readonly opens: (
    entry: string,
    password: AskedPassword['password'],
    signal: AbortSignal,
  ) => Promise<boolean>;
  readonly log: (line: string) => void;
}

/**
 * Watches what slapd's socket overlay tells, and reports each password that the directory took. One whose outcome nobody
 * told, because this process was killed meanwhile, counts where the entry signs in with it. Resolves to what ends it.
 */
export async function capturePasswords(
  parts: CaptureParts,
  report: (change: PasswordReport) => Promise<void>,
): Promise<() => Promise<void>> {
  const { log } = parts;
  const asked = new AskedPasswords(parts.directory, parts.adapter, log);
  const closing = new AbortController();
  const running = new Set<Promise<void>>();

  async function tell(change: AskedPassword, isTaken: boolean): Promise<void> {
    const account = await parts.accountOf(change.externalAccount, limit());
    const stands =
      account !== undefined &&
      (isTaken || (await parts.opens(change.externalAccount, change.password, limit())));
    if (stands) return await report({ ...change, externalAccount: account });
    wipe(change);
    if (account !== undefined) log(`${account} does not sign in with a password of before: it is dropped`);
  }

  /** Until the directory answers; what the end of this process cuts off stays on disk for the next one. */
  async function follow(change: AskedPassword, isTaken: boolean): Promise<void> {
    while (!closing.signal.aborted)
      try {
        await tell(change, isTaken);
        asked.forget(change);
        return;
      } catch (error) {
        if (closing.signal.aborted) break;
        log(`Nobody can say yet whose password was changed (${change.externalAccount}): ${String(error)}`);
        await delay(pause, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    wipe(change);
  }

  function start(change: AskedPassword, isTaken: boolean): void {
    const work = follow(change, isTaken).finally(() => running.delete(work));
    running.add(work);
  }

  const limit = (): AbortSignal => AbortSignal.any([closing.signal, AbortSignal.timeout(timeout)]);
  const left = asked.left();
  const end = await listenToOverlay({
    path: parts.overlaySocket,
    log,
    onAsked: ({ target, boundAs, password, oldPassword }) => {
      if (parts.isIgnored(boundAs)) return undefined;
      const change = asked.keep(target, password, oldPassword);
      return (outcome) => {
        if (outcome === 'taken' || outcome === 'unknown') start(change, outcome === 'taken');
        else wipe(change);
        if (outcome === 'refused') asked.forget(change);
      };
    },
  });
  for (const change of left) start(change, false);
  return async () => {
    closing.abort();
    await end();
    await Promise.all(running);
  };
}

function wipe({ password, oldPassword }: AskedPassword): void {
  password.wipe();
  oldPassword?.wipe();
}
