import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

import type { Clock } from '#engine/clock.ts';
import { parseSnapshot } from '#exchange/snapshot/parse-snapshot.ts';
import { AppError } from '#shared/model/app-error.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';
import { writeAtomically } from '../configuration/write-atomically.ts';
import type { ConfigurationJournal } from './configuration-journal.ts';
import type { SnapshotDesk } from './snapshot-desk.ts';

const minute = 60_000;
const hour = 3_600_000;
const filePattern = /^carillon-[\w.-]+-\d{8}T\d{6}Z\.json$/;

export interface SnapshotScheduleParts {
  readonly file: ConfigurationFile;
  readonly desk: SnapshotDesk;
  readonly journal: ConfigurationJournal;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
}

/** Writes snapshots by itself, and ends the history where the configuration says. */
export class SnapshotSchedule {
  readonly #parts: SnapshotScheduleParts;
  #cancel: (() => void) | undefined;
  #lastRun = Number.NEGATIVE_INFINITY;

  constructor(parts: SnapshotScheduleParts) {
    this.#parts = parts;
  }

  /** Looks after a minute and every hour then, so that a server that sleeps at night gets its snapshot too. */
  start(): void {
    const { file, clock, report } = this.#parts;
    const next = (delay: number): void => {
      this.#cancel?.();
      this.#cancel = clock.schedule(delay, () => {
        next(hour);
        this.tend().catch(report);
      });
    };
    next(minute);
    file.onChange((after, before) => {
      if (JSON.stringify(after.snapshots.schedule) === JSON.stringify(before.snapshots.schedule)) return;
      this.#lastRun = Number.NEGATIVE_INFINITY;
      // Whoever sets a schedule does not wait an hour to see it work.
      if (this.#cancel !== undefined) next(minute);
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Does what is due now. */
  async tend(): Promise<void> {
    const { file, journal, clock } = this.#parts;
    await journal.prune();
    const { schedule } = file.configuration.snapshots;
    const now = clock.now();
    if (schedule === undefined || now - this.#lastRun < schedule.everyHours * hour) return;
    this.#lastRun = now;
    await this.write(schedule);
  }

  /** Writes a file where the last one is another configuration; gives its path, undefined where it is the same. */
  async write({
    directory,
    keep,
  }: {
    readonly directory: string;
    readonly keep: number;
  }): Promise<string | undefined> {
    const { desk } = this.#parts;
    if (!isAbsolute(directory))
      throw new AppError('invalid_configuration', `"${directory}" is not an absolute path`, {
        fix: 'Write the path from the root on in snapshots.schedule.directory.',
      });
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const source = { kind: 'running' } as const;
    const { fileName, text, sha256 } = await desk.export(
      { source, parts: undefined, mappings: false, pcns: undefined },
      'schedule',
    );
    const files = readdirSync(directory)
      .filter((name) => filePattern.test(name))
      .sort((one, other) => (stampOf(one) < stampOf(other) ? -1 : 1));
    const last = files.at(-1);
    if (last !== undefined && hashOf(join(directory, last)) === sha256) return undefined;
    const path = join(directory, fileName);
    writeAtomically(path, text);
    for (const old of files.slice(0, Math.max(0, files.length + 1 - keep))) rmSync(join(directory, old));
    return path;
  }
}

function stampOf(name: string): string {
  return name.slice(-'YYYYMMDDTHHMMSSZ.json'.length);
}

/** Undefined for a file that is none of ours or damaged: a new one is written then. */
function hashOf(path: string): string | undefined {
  try {
    return parseSnapshot(readFileSync(path, 'utf8'), path).sha256;
  } catch {
    return undefined;
  }
}
