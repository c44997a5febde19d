import type { RunError } from '#identity/run-error.ts';
import type { RunHistory, RunRecord } from '#identity/run-history.ts';
import type { AgentId } from '#shared/model/change.ts';

import type { Database } from './database.ts';

const columns = 'run, agent, profile, result, started_at AS startedAt, ended_at AS endedAt, steps, errors';

interface RunRow extends Omit<RunRecord, 'steps' | 'endedAt'> {
  readonly endedAt: number | null;
  readonly steps: string;
}

interface ErrorRow extends Omit<RunError, 'connector'> {
  readonly connector: number | null;
}

/** The run history in the server's database. */
export class RunStore implements RunHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  begin(agent: AgentId, profile: string, startedAt: number): Promise<number> {
    const sql =
      "INSERT INTO run_history (agent, profile, result, started_at) VALUES (?, ?, 'in-progress', ?)";
    return this.#database.commit(() => this.#database.insert(sql, agent, profile, startedAt));
  }

  record(run: RunRecord, errors: readonly RunError[]): Promise<void> {
    return this.#database.commit(() => {
      this.#database.run(
        'UPDATE run_history SET result = ?, ended_at = ?, steps = ?, errors = ? WHERE run = ?',
        run.result,
        run.endedAt ?? null,
        JSON.stringify(run.steps),
        run.errors,
        run.run,
      );
      for (const error of errors)
        this.#database.run(
          `INSERT INTO run_error (run, step, word, agent, dn, connector, detail) VALUES (?, ?, ?, ?, ?, ?, ?)`,
          run.run,
          error.step,
          error.word,
          error.agent,
          error.dn,
          error.connector ?? null,
          error.detail,
        );
    });
  }

  find(run: number): RunRecord | undefined {
    const row = this.#database.get<RunRow>(`SELECT ${columns} FROM run_history WHERE run = ?`, run);
    return row === undefined ? undefined : toRecord(row);
  }

  /** The newest runs first, of one agent or of all. */
  list(limit: number, agent?: AgentId): readonly RunRecord[] {
    const rows =
      agent === undefined
        ? this.#database.all<RunRow>(`SELECT ${columns} FROM run_history ORDER BY run DESC LIMIT ?`, limit)
        : this.#database.all<RunRow>(
            `SELECT ${columns} FROM run_history WHERE agent = ? ORDER BY run DESC LIMIT ?`,
            agent,
            limit,
          );
    return rows.map(toRecord);
  }

  /** The newest run of a profile, whose name compares without regard to case. */
  lastOf(agent: AgentId, profile: string): RunRecord | undefined {
    const row = this.#database.get<RunRow>(
      `SELECT ${columns} FROM run_history WHERE agent = ? AND lower(profile) = ? ORDER BY run DESC LIMIT 1`,
      agent,
      profile.toLowerCase(),
    );
    return row === undefined ? undefined : toRecord(row);
  }

  errorsOf(run: number, limit: number): readonly RunError[] {
    const sql = `SELECT step, word, agent, dn, connector, detail FROM run_error WHERE run = ? ORDER BY id LIMIT ?`;
    return this.#database
      .all<ErrorRow>(sql, run, limit)
      .map(({ connector, ...error }) => (connector === null ? error : { ...error, connector }));
  }

  /** Ends the runs that the last process left open; returns how many. */
  interruptOpen(now: number): Promise<number> {
    const sql = "UPDATE run_history SET result = 'stopped-server', ended_at = ? WHERE ended_at IS NULL";
    return this.#database.commit(() => this.#database.run(sql, now));
  }

  /** Clear Runs: forgets what ended before `before`; returns how many. */
  clear(before: number): Promise<number> {
    return this.#database.commit(() =>
      this.#database.run('DELETE FROM run_history WHERE ended_at < ?', before),
    );
  }
}

function toRecord(row: RunRow): RunRecord {
  return { ...row, endedAt: row.endedAt ?? undefined, steps: JSON.parse(row.steps) as RunRecord['steps'] };
}
