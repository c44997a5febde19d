import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { readCaptureConfiguration } from '#capture/capture-configuration.ts';
import { askCapture } from '#capture/capture-control.ts';
import { type CaptureStatus, controlSocketOf } from '#capture/capture-host.ts';
import { openLdap } from '#directory/ldap-connection.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { dialControl } from '#host/control/dial-control.ts';
import { runCarillon } from '#lab/carillon-command.ts';
import { type Fabrikam, startFabrikam } from '#lab/fabrikam.ts';
import { startNorthwind } from '#lab/northwind.ts';
import { directoryServer389Dn, openLdapDn, type Person, people } from '#lab/people.ts';
import { carillonContract } from '#shared/contract/carillon-contract.ts';
import { connect } from '#shared/rpc/connect.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { canaryNeedles } from './canary.ts';
import { loadPasswords, type PasswordLoad } from './password-load.ts';
import { readProofRecords } from './proof-records.ts';
import { scanFiles } from './scan-files.ts';
import { type FoundInService, searchService, snapshotEnvironment } from './search-service.ts';
import { readWrittenPasswords } from './written-passwords.ts';

export interface CrashProof {
  /** Changes that the domain controller took. */
  readonly accepted: number;
  /** Changes that it refused because capture was dead: fail-closed. */
  readonly refused: number;
  readonly kills: { readonly engine: number; readonly capture: number };
  /** Seconds of the load, and then until both queues were empty. */
  readonly loadSeconds: number;
  readonly drainSeconds: number;
  /** Accepted changes that no record of either service tells of, and records beyond what was accepted. */
  readonly unrecorded: number;
  readonly invented: number;
  /** Changes replaced by newer ones on the domain controller, once queued and before, and deliveries by outcome. */
  readonly supersededAtCapture: number;
  readonly overtakenAtCapture: number;
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
  /** Changes of the calm that followed, and copies of passwords in the services then. */
  readonly calm: number;
  readonly inEngine: FoundInService | undefined;
  readonly inCapture: FoundInService | undefined;
}

/** Whether nothing was lost, invented, out of order or left in the clear. */
export function isProven(proof: CrashProof): boolean {
  const { unrecorded, invented, open, notOncePerTarget, foreignWrites, olderAfterNewer } = proof;
  const copies = [proof.inEngine, proof.inCapture].map((found) => (found?.memory ?? 0) + (found?.heap ?? 0));
  const faults = [unrecorded, invented, open, notOncePerTarget, foreignWrites, olderAfterNewer, ...copies];
  return faults.every((count) => count === 0) && proof.wrongPasswords.length + proof.leaks.length === 0;
}

export interface CrashProofOptions {
  readonly changes: number;
  readonly accounts: number;
  readonly onProgress?: (line: string) => void;
  /** Changes that each service lives through on average; default 20. */
  readonly life?: number;
  /** Changes without kills afterwards, before memory is searched; default none, and no search. */
  readonly calm?: number;
  /** Longest wait for the queues to run empty, milliseconds. */
  readonly patience?: number;
}

interface Depth {
  /** Deliveries of the engine without an outcome. */
  readonly open: number;
  /** Changes of capture that the directory has not shown yet, and those that wait for the engine. */
  readonly held: number;
  readonly queued: number;
}

/** Changes passwords through a real domain controller while both services are killed at random, and looks at the end. */
export async function proveCrashes(options: CrashProofOptions): Promise<CrashProof> {
  const {
    changes,
    accounts,
    calm = 0,
    onProgress = () => undefined,
    patience = 120_000,
    life = 20,
  } = options;
  // 389 takes the beginning of every canary for a part of this name, and refuses it.
  const persons = people.filter(({ account }) => !account.startsWith('epa')).slice(0, accounts);
  const lab = await startNorthwind('crash');
  const snapshots = join(lab.directory, 'snapshots');
  const fabrikam = await startFabrikam({
    lab,
    onProgress,
    captureSettings: { hook: { whenAway: 'closed' }, holdTime: 10 },
    serviceEnv: { ...snapshotEnvironment(snapshots), TMPDIR: snapshots },
  });
  const { data, captureFile, env } = fabrikam;
  await keepWholeHistory(data, env);
  const engineStore = join(data, 'carillon.db');
  const captureStore = join(dirname(captureFile), 'data/capture.db');
  const kills = { engine: 0, capture: 0 };
  const loading = new AbortController();
  try {
    const began = Date.now();
    let taken = 0;
    const killing = killAtRandom(fabrikam, { kills, life, taken: () => taken, signal: loading.signal });
    const { accepted, refused, lastCanary } = await loadPasswords({
      samba: lab.samba,
      persons,
      changes,
      // A service that starts slowly while changes come quickly is killed too seldom to prove anything.
      isShort: () => Math.min(kills.engine, kills.capture) < 3,
      workers: 2,
      onAccepted: (count) => {
        taken = count;
        if (count % 100 === 0) onProgress(`${count} changes, ${kills.engine + kills.capture} kills`);
      },
    }).finally(() => loading.abort());
    await killing;
    const loaded = Date.now();
    await waitUntilEmpty(fabrikam, patience);
    const drained = Date.now();
    const found = calm === 0 ? undefined : await searchAfterCalm();
    // Stopped first: the store belongs to its service while that runs.
    await fabrikam.stop();
    const { recorded, overtaken, ...records } = readProofRecords(engineStore, captureStore);
    const written = readWrittenPasswords(lab.auditLog, accepted);
    const places = [...written.values()];
    const scanned = scanProduct([data, dirname(captureFile), snapshots]);
    const total = [...accepted.values()].reduce((sum, { length }) => sum + length, 0);
    const sumOver = (count: (account: string, taken: number) => number): number =>
      persons.reduce(
        (sum, { account }) => sum + Math.max(count(account, accepted.get(account)?.length ?? 0), 0),
        0,
      );
    const recordsOf = (account: string): number => recorded.get(account) ?? 0;
    return {
      accepted: total,
      refused,
      kills,
      loadSeconds: (loaded - began) / 1000,
      drainSeconds: (drained - loaded) / 1000,
      ...records,
      unrecorded: sumOver((name, taken) => taken - recordsOf(name) - (overtaken.get(name) ?? 0)),
      invented: sumOver((name, taken) => recordsOf(name) - taken),
      writes: places.reduce((sum, { length }) => sum + length, 0),
      foreignWrites: places.flat().filter((place) => place < 0).length,
      olderAfterNewer: places.reduce((sum, each) => sum + countFalls(each), 0),
      wrongPasswords: await findWrongPasswords(lab, persons, accepted),
      files: scanned.files,
      leaks: scanned.found,
      calm,
      inEngine: found?.engine,
      inCapture: found?.capture,
    };

    async function searchAfterCalm() {
      const load = { samba: lab.samba, persons, changes: calm, workers: 2, firstCanary: lastCanary + 1 };
      appendPasswords(accepted, await loadPasswords(load));
      await waitUntilEmpty(fabrikam, patience);
      // What the guide lists as unavoidable is over by then.
      await delay(2_000);
      const needles = canaryNeedles();
      return {
        engine: await searchService(fabrikam.engine.pid, snapshots, needles),
        capture: await searchService(fabrikam.capture.pid, snapshots, needles),
      };
    }
  } finally {
    loading.abort();
    await fabrikam.stop();
    await lab.stop();
  }
}

/** Every delivery is to be counted in the end. */
async function keepWholeHistory(data: string, env: Fabrikam['env']): Promise<void> {
  const file = join(data, 'carillon.json');
  const configuration = JSON.parse(readFileSync(file, 'utf8')) as { passwordSync: object };
  const passwordSync = { ...configuration.passwordSync, historySize: 1000 };
  writeFileSync(file, JSON.stringify({ ...configuration, passwordSync }, null, 2));
  await runCarillon(['config', 'apply', file], { data, env });
}

async function waitUntilEmpty(fabrikam: Fabrikam, patience: number): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const { open, held, queued } = await readDepth(fabrikam);
    if (open + held + queued === 0) return;
    if (Date.now() > deadline)
      throw new Error(`Not empty in time: ${open} deliveries, ${held} held, ${queued} queued`);
    await delay(200);
  }
}

function appendPasswords(to: ReadonlyMap<string, string[]>, { accepted }: PasswordLoad): void {
  for (const [account, passwords] of accepted) to.get(account)?.push(...passwords);
}

interface KillOptions {
  readonly kills: { engine: number; capture: number };
  readonly life: number;
  /** Changes that the domain controller took so far. */
  readonly taken: () => number;
  readonly signal: AbortSignal;
}

/** Lives are counted in changes, not in time: a slow machine gets its work done between two kills as well. */
async function killAtRandom(fabrikam: Fabrikam, { kills, life, taken, signal }: KillOptions): Promise<void> {
  const strike = async (end: 'engine' | 'capture'): Promise<void> => {
    while (!signal.aborted) {
      const due = taken() + Math.random() * 2 * life;
      while (taken() < due && !signal.aborted) await delay(5);
      if (signal.aborted) return;
      await delay(Math.random() * 100);
      await fabrikam[end].kill();
      kills[end] += 1;
      await delay(Math.random() * 400);
      await (end === 'engine' ? fabrikam.startEngine() : fabrikam.startCapture());
    }
  };
  await Promise.all([strike('engine'), strike('capture')]);
}

/** The depth of both queues, asked of the services: each has its store to itself. */
async function readDepth({ data, captureFile }: Fabrikam): Promise<Depth> {
  // Capture first: what leaves it is with the engine already.
  const socket = controlSocketOf(readCaptureConfiguration(captureFile));
  const { held, targets } = (await askCapture(socket, { ask: 'status' })) as CaptureStatus;
  const port = await dialControl(data);
  try {
    const { queue } = await connect(carillonContract, port).call('system.status', {});
    const queued = targets.reduce((sum, { waiting, blocked }) => sum + waiting + blocked, 0);
    return { open: queue.waiting + queue.parked, held, queued };
  } finally {
    port.close('Done');
  }
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
