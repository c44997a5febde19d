import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { type KeptReport, ReportSeal } from './report-seal.ts';

const suffix = '.report';

/**
 * Captured changes on disk until the server has dealt with them: one sealed file for each account, so that an adapter
 * that is killed, or whose server is, sends them when it runs again.
 */
export class ReportFolder {
  readonly #directory: string;
  readonly #seal: ReportSeal;
  readonly #log: (line: string) => void;
  /** Tracking id of what each file is to hold in the end. */
  readonly #newest = new Map<string, string>();
  /** Work on each file, one after another. */
  readonly #turns = new Map<string, Promise<void>>();

  /** Throws `AppError` `invalid_configuration` where the folder cannot be made or is open to others. */
  constructor(directory: string, adapter: string, log: (line: string) => void) {
    this.#directory = directory;
    this.#log = log;
    this.#seal = new ReportSeal(directory, adapter);
  }

  /** What an earlier run left, oldest first. A file that does not open is set aside. The taker wipes the secrets. */
  read(): readonly KeptReport[] {
    const reports: KeptReport[] = [];
    for (const name of readdirSync(this.#directory)) {
      const path = join(this.#directory, name);
      if (name.endsWith('.new')) rmSync(path);
      if (!name.endsWith(suffix)) continue;
      try {
        const report = this.#seal.open(name, readFileSync(path));
        this.#newest.set(name, report.trackingId);
        reports.push(report);
      } catch (error) {
        renameSync(path, `${path}.damaged`);
        this.#log(`${path} does not open and was set aside: ${error instanceof Error ? error.message : ''}`);
      }
    }
    return reports.toSorted((left, right) => left.timestamp - right.timestamp);
  }

  /** Resolves when the report is on disk, in the place of an older one of the account. The secrets stay the caller's. */
  save(report: KeptReport): Promise<void> {
    const name = nameOf(report.externalAccount);
    // At once: the secrets may be gone when it is this one's turn.
    const sealed = this.#seal.seal(name, report);
    this.#newest.set(name, report.trackingId);
    return this.#inTurn(name, async () => {
      if (this.#newest.get(name) !== report.trackingId) return;
      const path = join(this.#directory, name);
      const handle = await open(`${path}.new`, 'w', 0o600);
      try {
        await handle.writeFile(sealed);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(`${path}.new`, path);
      await this.#syncFolder();
    });
  }

  /** Deletes what the server has dealt with, unless a newer change of the account took its place. */
  async forget({ externalAccount, trackingId }: KeptReport): Promise<void> {
    const name = nameOf(externalAccount);
    if (this.#newest.get(name) !== trackingId) return;
    this.#newest.delete(name);
    await this.#inTurn(name, async () => {
      if (!this.#newest.has(name)) await rm(join(this.#directory, name), { force: true });
    });
  }

  async #syncFolder(): Promise<void> {
    // A folder cannot be opened on Windows, where a rename is on disk once it returns.
    if (process.platform === 'win32') return;
    const folder = await open(this.#directory, 'r');
    await folder.sync().finally(() => folder.close());
  }

  #inTurn(name: string, work: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(name) ?? Promise.resolve();
    const own = before.then(work, work);
    this.#turns.set(name, own);
    const end = (): void => {
      if (this.#turns.get(name) === own) this.#turns.delete(name);
    };
    own.then(end, end);
    return own;
  }
}

/** Whatever letters an account has, its file has a name that every disk takes. */
function nameOf(account: string): string {
  return `${createHash('sha256').update(account).digest('hex')}${suffix}`;
}
