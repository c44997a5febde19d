import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { AdapterClient } from './adapter-client.ts';
import type { PasswordReport } from './adapter-work.ts';
import type { ReportFolder } from './report-folder.ts';
import type { KeptReport } from './report-seal.ts';

/** Captured changes that wait for the server at most; the oldest give way. */
const capacity = 10_000;
/** Reports under way at a time. */
const width = 16;
/** Pause before one that the server could not take is sent again, milliseconds. */
const pause = 2000;

/**
 * What an adapter captured and the server does not have yet; the newest change of an account takes the place of older
 * ones. All of it is on disk until the server has dealt with it.
 */
export class ReportQueue {
  readonly #folder: ReportFolder;
  readonly #log: (line: string) => void;
  /** By account, oldest first. */
  readonly #waiting = new Map<string, KeptReport>();
  /** Accounts whose report is under way: the next one waits for its answer. */
  readonly #busy = new Set<string>();
  #wake: (() => void) | undefined;

  constructor(folder: ReportFolder, log: (line: string) => void) {
    this.#folder = folder;
    this.#log = log;
    for (const report of folder.read()) this.#waiting.set(report.externalAccount, report);
  }

  /** Takes the secrets; resolves when the change outlives this process. */
  async add(report: PasswordReport): Promise<void> {
    const { externalAccount } = report;
    const before = this.#waiting.get(externalAccount);
    // Two that the external system told of side by side may come in either order.
    if (before !== undefined && before.timestamp > report.timestamp) return wipe(report);
    this.#waiting.delete(externalAccount);
    // The server knows the password from before both changes, not the one in between.
    if (before !== undefined) report.oldPassword?.wipe();
    const oldPassword = before === undefined ? report.oldPassword : before.oldPassword;
    before?.password.wipe();
    const kept = { ...report, oldPassword, trackingId: report.trackingId ?? randomUUID() };
    this.#waiting.set(externalAccount, kept);
    const saved = this.#folder.save(kept);
    for (const [account, oldest] of this.#waiting) {
      if (this.#waiting.size <= capacity) break;
      this.#waiting.delete(account);
      this.#end(oldest);
      this.#log(`Too many changes wait for the server: that of ${account} is dropped`);
    }
    this.#wake?.();
    await saved.catch((error: unknown) =>
      // It is sent from memory all the same.
      this.#log(`The change of ${externalAccount} cannot be kept on disk: ${String(error)}`),
    );
  }

  /** Sends what waits, and what comes, until the link is lost. */
  async send(client: AdapterClient): Promise<void> {
    await Promise.all(Array.from({ length: width }, () => this.#sendOneByOne(client)));
  }

  /** What waits stays on disk, for the next run. */
  close(): void {
    for (const waiting of this.#waiting.values()) wipe(waiting);
    this.#waiting.clear();
  }

  #end(report: KeptReport): void {
    wipe(report);
    this.#folder
      .forget(report)
      .catch((error: unknown) =>
        this.#log(
          `The change of ${report.externalAccount} is told again at the next start: ${String(error)}`,
        ),
      );
  }

  async #sendOneByOne(client: AdapterClient): Promise<void> {
    while (!client.isClosed) {
      const report = this.#take();
      if (report === undefined) {
        await this.#sleep(client);
        continue;
      }
      const isDone = await this.#sendOne(client, report).catch(() => false);
      this.#busy.delete(report.externalAccount);
      if (isDone) this.#end(report);
      else if (this.#waiting.has(report.externalAccount)) wipe(report);
      else this.#waiting.set(report.externalAccount, report);
      this.#wake?.();
      if (!isDone) await delay(pause);
    }
  }

  #take(): KeptReport | undefined {
    for (const [account, report] of this.#waiting) {
      if (this.#busy.has(account)) continue;
      this.#waiting.delete(account);
      this.#busy.add(account);
      return report;
    }
    return undefined;
  }

  /** Whether the server has dealt with it, one way or the other. */
  async #sendOne(client: AdapterClient, report: KeptReport): Promise<boolean> {
    const { externalAccount, timestamp, trackingId, password, oldPassword } = report;
    const { answer } = await client.ask(
      { type: 'report', externalAccount, timestamp, trackingId, secrets: { newPassword: password.length } },
      { newPassword: password, oldPassword },
    );
    if (answer.type !== 'result') return true;
    if (!answer.ok)
      this.#log(
        `The server did not take the change of ${externalAccount}: ${answer.message ?? answer.event}`,
      );
    return answer.ok || !answer.retry;
  }

  async #sleep(client: AdapterClient): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      const before = this.#wake;
      this.#wake = () => {
        before?.();
        this.#wake = undefined;
        resolve();
      };
    });
    // A lost link is noticed by the calls that wait for it; here it is enough to look now and then.
    const abort = new AbortController();
    await Promise.race([woken, delay(client.isClosed ? 0 : 500, undefined, { signal: abort.signal })]).catch(
      () => undefined,
    );
    abort.abort();
  }
}

function wipe({ password, oldPassword }: PasswordReport): void {
  password.wipe();
  oldPassword?.wipe();
}
