import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { type KeptReport, ReportSeal } from '../client/report-seal.ts';

const suffix = '.asked';

/** A password that the directory was asked to take; its account is still the name of the entry. */
export type AskedPassword = KeptReport;

/**
 * Passwords that the directory was asked to take, one sealed file each, from the moment of asking until a report of it
 * is on disk or it is known not to stand. What a kill leaves here is held against the directory by the next run.
 */
export class AskedPasswords {
  readonly #directory: string;
  readonly #seal: ReportSeal;
  readonly #log: (line: string) => void;

  /** Throws `AppError` `invalid_configuration` where the folder cannot be made or is open to others. */
  constructor(directory: string, adapter: string, log: (line: string) => void) {
    this.#directory = directory;
    this.#seal = new ReportSeal(directory, adapter);
    this.#log = log;
  }

  /**
   * Writes at once and does not wait for the disk, since slapd waits meanwhile: the file outlives this process, and a
   * machine that stops takes slapd, which runs on it, along.
   */
  keep(entry: string, password: SecretBytes, oldPassword: SecretBytes | undefined): AskedPassword {
    const trackingId = randomUUID();
    const asked = { externalAccount: entry, timestamp: Date.now(), trackingId, password, oldPassword };
    const path = this.#pathOf(asked);
    try {
      writeFileSync(path, this.#seal.seal(`${trackingId}${suffix}`, asked), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // It is told from memory all the same.
      this.#log(`The password of ${entry} cannot be kept on disk: ${String(error)}`);
    }
    return asked;
  }

  /** What an earlier run left, oldest first. A file that a kill cut short, or that was altered, is set aside. */
  left(): readonly AskedPassword[] {
    const found: AskedPassword[] = [];
    for (const name of readdirSync(this.#directory).filter((each) => each.endsWith(suffix))) {
      const path = join(this.#directory, name);
      try {
        found.push(this.#seal.open(name, readFileSync(path)));
      } catch (error) {
        renameSync(path, `${path}.damaged`);
        this.#log(`${path} does not open and was set aside: ${error instanceof Error ? error.message : ''}`);
      }
    }
    return found.toSorted((left, right) => left.timestamp - right.timestamp);
  }

  forget(asked: AskedPassword): void {
    rmSync(this.#pathOf(asked), { force: true });
  }

  #pathOf({ trackingId }: AskedPassword): string {
    return join(this.#directory, `${trackingId}${suffix}`);
  }
}
