import { DatabaseSync } from 'node:sqlite';

/** Targets of every change. */
const targetCount = 2;

function inStore<T>(file: string, read: (one: (sql: string) => Record<string, unknown>[]) => T): T {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return read((sql) => database.prepare(sql).all());
  } finally {
    database.close();
  }
}

function countOf(rows: readonly Record<string, unknown>[]): number {
  return Number(rows[0]?.['n'] ?? Number.NaN);
}

/** What the two stores tell of every change; the services must have let go of them. */
export function readProofRecords(engineStore: string, captureStore: string) {
  const accounts = new Map<string, string>();
  const note = (rows: readonly Record<string, unknown>[]) => {
    for (const { id, account } of rows) accounts.set(String(id), String(account));
  };
  const replaced = inStore(captureStore, (all) =>
    all('SELECT DISTINCT tracking_id AS id, account FROM event WHERE number = 7022'),
  );
  // Overtaken before it was known whether the directory had kept it: it may have been refused as well.
  const overtaken = inStore(captureStore, (all) =>
    all('SELECT DISTINCT tracking_id, account FROM event WHERE number = 7021'),
  );
  note(replaced);
  return inStore(engineStore, (all) => {
    note(all('SELECT tracking_id AS id, account FROM change'));
    const perChange = all(`SELECT count(DISTINCT d.target) AS targets, count(d.id) AS n FROM change c
      LEFT JOIN delivery d ON d.sequence = c.sequence WHERE c.event IS NULL GROUP BY c.sequence`);
    const outcomes = all('SELECT outcome, count(*) AS n FROM delivery GROUP BY outcome');
    const stale = all('SELECT event, count(*) AS n FROM change WHERE event IS NOT NULL GROUP BY event');
    return {
      /** Changes of each account, each counted once whatever tells of it. */
      recorded: countEach(accounts.values()),
      overtaken: countEach(overtaken.map(({ account }) => String(account))),
      supersededAtCapture: replaced.length,
      overtakenAtCapture: overtaken.length,
      outcomes: Object.fromEntries([
        ...outcomes.map(({ outcome, n }) => [String(outcome ?? 'none'), Number(n)]),
        ...stale.map(({ event, n }) => [`refused at receipt, ${String(event)}`, Number(n)]),
      ]) as Record<string, number>,
      open: countOf(all("SELECT count(*) AS n FROM delivery WHERE state <> 'settled'")),
      notOncePerTarget: perChange.filter(
        ({ targets, n }) => Number(targets) !== targetCount || Number(n) !== targetCount,
      ).length,
    };
  });
}

function countEach(names: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
