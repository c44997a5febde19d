import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

import { openLdap } from '#directory/ldap-connection.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { startFabrikam } from '#lab/fabrikam.ts';
import { startNorthwind } from '#lab/northwind.ts';
import { directoryServer389Dn, openLdapDn, type Person, people } from '#lab/people.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { canaryNeedles } from './canary.ts';
import { loadPasswords } from './password-load.ts';
import { scanFiles } from './scan-files.ts';
import { readWrittenPasswords } from './written-passwords.ts';

/** Targets of every change. */
const targetCount = 2;

export interface CrashProof {
  /** Changes that the domain controller took. */
  readonly accepted: number;
  /** Changes that it refused because capture was dead: fail-closed. */
  readonly refused: number;
  readonly kills: { readonly engine: number; readonly capture: number };
  /** Seconds of the load, and then until both queues were empty. */
  readonly loadSeconds: number;
  readonly drainSeconds: number;
  /** Accepted changes that no record of either service tells of. */
  readonly unrecorded: number;
  /** Changes replaced by newer ones on the domain controller, and deliveries of the engine by outcome. */
  readonly supersededAtCapture: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Deliveries without an outcome, and changes with another number of deliveries than there are targets. */
  readonly open: number;
  readonly notOncePerTarget: number;
  /** Writes to OpenLDAP by its own audit log, those of unknown passwords, and those after a newer one. */
  readonly writes: number;
  readonly foreignWrites: number;
  readonly olderAfterNewer: number;
  /** Accounts and targets whose newest accepted password does not bind, or whose one before does. */
  readonly wrongPasswords: readonly string[];
  /** Files of the product that were read, and those that hold a password. */
  readonly files: number;
  readonly leaks: readonly string[];
}

export interface CrashProofOptions {
  readonly changes: number;
  readonly accounts: number;
  readonly onProgress?: (line: string) => void;
  /** Longest wait for the queues to run empty, milliseconds. */
  readonly patience?: number;
}

interface Records {
  readonly open: number;
  readonly held: number;
  readonly queued: number;
}

/** Changes passwords through a real domain controller while both services are killed at random, and looks at the end. */
export async function proveCrashes(options: CrashProofOptions): Promise<CrashProof> {
  const { changes, accounts, onProgress = () => undefined, patience = 120_000 } = options;
  const persons = people.slice(0, accounts);
  const lab = await startNorthwind('crash');
  const fabrikam = await startFabrikam({
    lab,
    onProgress,
    captureSettings: { hook: { whenAway: 'closed' }, holdTime: 10 },
  });
  const { data, captureFile } = fabrikam;
  const engineStore = join(data, 'carillon.db');
  const captureStore = join(dirname(captureFile), 'data/capture.db');
  const kills = { engine: 0, capture: 0 };
  const loading = new AbortController();
  try {
    const began = Date.now();
    const killing = killAtRandom(fabrikam, kills, loading.signal);
    const { accepted, refused } = await loadPasswords({
      samba: lab.samba,
      persons,
      changes,
      workers: 4,
      onAccepted: (count) => {
        if (count % 100 === 0) onProgress(`${count} changes, ${kills.engine + kills.capture} kills`);
      },
    }).finally(() => loading.abort());
    await killing;
    const loaded = Date.now();
    for (;;) {
      const { open, held, queued } = tryReadDepth(engineStore, captureStore);
      if (open + held + queued === 0) break;
      if (Date.now() - loaded > patience)
        throw new Error(`Not empty in time: ${open} deliveries, ${held} held, ${queued} queued`);
      await delay(200);
    }
    const drained = Date.now();
    // Stopped first: the store belongs to its service while that runs.
    await fabrikam.stop();
    const records = readRecords(engineStore, captureStore);
    const written = readWrittenPasswords(lab.auditLog, accepted);
    const places = [...written.values()];
    const { files, found } = scanProduct([data, dirname(captureFile)]);
    const total = [...accepted.values()].reduce((sum, { length }) => sum + length, 0);
    return {
      accepted: total,
      refused,
      kills,
      loadSeconds: (loaded - began) / 1000,
      drainSeconds: (drained - loaded) / 1000,
      ...records,
      unrecorded: total - records.recorded,
      writes: places.reduce((sum, { length }) => sum + length, 0),
      foreignWrites: places.flat().filter((place) => place < 0).length,
      olderAfterNewer: places.reduce((sum, each) => sum + countFalls(each), 0),
      wrongPasswords: await findWrongPasswords(lab, persons, accepted),
      files,
      leaks: found,
    };
  } finally {
    loading.abort();
    await fabrikam.stop();
    await lab.stop();
  }
}

type Fabrikam = Awaited<ReturnType<typeof startFabrikam>>;

async function killAtRandom(
  fabrikam: Fabrikam,
  kills: { engine: number; capture: number },
  signal: AbortSignal,
): Promise<void> {
  const strike = async (end: 'engine' | 'capture'): Promise<void> => {
    while (!signal.aborted) {
      await delay(1_500 + Math.random() * 4_000, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await fabrikam[end].kill();
      kills[end] += 1;
      await delay(Math.random() * 400);
      await (end === 'engine' ? fabrikam.startEngine() : fabrikam.startCapture());
    }
  };
  await Promise.all([strike('engine'), strike('capture')]);
}

function inStore<T>(file: string, read: (one: (sql: string) => Record<string, unknown>[]) => T): T {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 500 });
  try {
    return read((sql) => database.prepare(sql).all());
  } finally {
    database.close();
  }
}

function countOf(rows: readonly Record<string, unknown>[]): number {
  return Number(rows[0]?.['n'] ?? Number.NaN);
}

function readDepth(engineStore: string, captureStore: string): Records {
  // Capture first: what leaves it is in the engine's store already.
  const { held, queued } = inStore(captureStore, (all) => ({
    held: countOf(all("SELECT count(*) AS n FROM change WHERE state = 'held'")),
    queued: countOf(all('SELECT count(*) AS n FROM delivery')),
  }));
  const open = inStore(engineStore, (all) =>
    countOf(all("SELECT count(*) AS n FROM delivery WHERE state <> 'settled'")),
  );
  return { open, held, queued };
}

/** The depth of both queues; `NaN`, which is never empty, while a service has its store to itself. */
function tryReadDepth(engineStore: string, captureStore: string): Records {
  try {
    return readDepth(engineStore, captureStore);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('locked')) throw error;
    return { open: Number.NaN, held: Number.NaN, queued: Number.NaN };
  }
}

function readRecords(engineStore: string, captureStore: string) {
  const replaced = inStore(captureStore, (all) =>
    all('SELECT DISTINCT tracking_id AS id FROM event WHERE number = 7022').map((row) => String(row['id'])),
  );
  return inStore(engineStore, (all) => {
    const received = all('SELECT tracking_id AS id FROM change').map((row) => String(row['id']));
    const perChange = all(`SELECT count(DISTINCT d.target) AS targets, count(d.id) AS n FROM change c
      LEFT JOIN delivery d ON d.sequence = c.sequence WHERE c.event IS NULL GROUP BY c.sequence`);
    const outcomes = all('SELECT outcome, count(*) AS n FROM delivery GROUP BY outcome');
    const stale = all('SELECT event, count(*) AS n FROM change WHERE event IS NOT NULL GROUP BY event');
    return {
      recorded: new Set([...received, ...replaced]).size,
      supersededAtCapture: new Set(replaced).size,
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

function countFalls(places: readonly number[]): number {
  return places.filter((place, index) => index > 0 && place < (places[index - 1] ?? 0)).length;
}

function scanProduct(directories: readonly string[]) {
  const scans = directories.map((directory) => scanFiles(directory, canaryNeedles()));
  return {
    files: scans.reduce((sum, { files }) => sum + files, 0),
    found: scans.flatMap(({ found }) => found),
  };
}

async function findWrongPasswords(
  { openldap, ds389 }: Awaited<ReturnType<typeof startNorthwind>>,
  persons: readonly Person[],
  accepted: ReadonlyMap<string, readonly string[]>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const person of persons) {
    const [before, newest] = accepted.get(person.account)?.slice(-2) ?? [];
    if (newest === undefined || before === undefined) continue;
    for (const [server, dn] of [
      [openldap, openLdapDn(person, openldap.peopleDn)],
      [ds389, directoryServer389Dn(person, ds389.peopleDn)],
    ] as const) {
      if (!(await binds(server, dn, newest))) wrong.push(`${dn}: the newest does not bind`);
      if (await binds(server, dn, before)) wrong.push(`${dn}: the one before binds`);
    }
  }
  return wrong;
}

async function binds(
  server: { readonly ldapsUrl: string; readonly caFile: string },
  dn: string,
  password: string,
): Promise<boolean> {
  const connection = await openLdap({ url: server.ldapsUrl, caFile: server.caFile, connectTimeout: 10_000 });
  try {
    await connection.bindSimple(dn, SecretBytes.take(new TextEncoder().encode(password)));
    return true;
  } catch (error) {
    if (error instanceof LdapError) return false;
    throw error;
  } finally {
    await connection.close();
  }
}
