import { expect, test } from 'vitest';

import type { Clock } from '#engine/clock.ts';
import type { SealContext } from '#engine/seal.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { MemoryKeyKeeper } from '#test/memory-key-keeper.ts';
import { MemoryKeyStore } from '#test/memory-key-store.ts';
import { KeyMaintenance } from '#vault/key-maintenance.ts';
import { KeyRing } from '#vault/key-ring.ts';
import { SealedBox, sealedVersion } from '#vault/sealed-box.ts';
import type { ResealedRow, SealedRow, SealedRows } from '#vault/sealed-rows.ts';

const hour = 3_600_000;
const day = 24 * hour;

class MemoryRows implements SealedRows {
  readonly rows = new Map<number, SealedRow>();

  count(): number {
    return this.rows.size;
  }

  page(after: number, limit: number): readonly SealedRow[] {
    return [...this.rows.values()].filter((row) => row.id > after).slice(0, limit);
  }

  replace(changed: readonly ResealedRow[]): Promise<void> {
    for (const { id, before, after } of changed) {
      const row = this.rows.get(id);
      if (row !== undefined && Buffer.compare(row.sealed, before) === 0)
        this.rows.set(id, { ...row, sealed: after });
    }
    return Promise.resolve();
  }
}

function contextOf(id: number): SealContext {
  return { trackingId: `${id}`, account: 'FABRIKAM\\ada', target: 'agent', sequence: id };
}

async function prepare(count: number) {
  const scheduled: { at: number; run: () => void }[] = [];
  const time = { now: 0 };
  const clock: Clock = {
    now: () => time.now,
    schedule: (delay, run) => {
      const entry = { at: time.now + delay, run };
      scheduled.push(entry);
      return () => scheduled.splice(scheduled.indexOf(entry), 1);
    },
  };
  const ring = await KeyRing.open({
    store: new MemoryKeyStore(),
    keeper: new MemoryKeyKeeper(),
    now: () => time.now,
  });
  const seal = new SealedBox(ring);
  const table = new MemoryRows();
  for (let id = 1; id <= count; id += 1) {
    using secret = SecretBytes.take(new TextEncoder().encode(`secret ${id}`));
    table.rows.set(id, { id, context: contextOf(id), sealed: seal.seal(secret, contextOf(id)) });
  }
  const failures: unknown[] = [];
  const maintenance = new KeyMaintenance({
    ring,
    seal,
    tables: [table],
    clock,
    report: (error) => failures.push(error),
  });
  return { time, scheduled, ring, seal, table, maintenance, failures };
}

test('rotation seals every row anew, and each still opens', async () => {
  const { seal, table, maintenance } = await prepare(450);
  const seen: number[] = [];
  const result = await maintenance.rotate(({ done }) => seen.push(done));
  expect(result).toEqual({ version: 2, resealed: 450 });
  expect(seen).toEqual([200, 400, 450]);
  for (const row of table.rows.values()) {
    expect(sealedVersion(row.sealed)).toBe(2);
    expect(new TextDecoder().decode(seal.open(row.sealed, row.context).bytes)).toBe(`secret ${row.id}`);
  }
});

test('the key rotates by itself after thirty days, and the old one is destroyed an hour later', async () => {
  const { time, ring, maintenance } = await prepare(3);
  await maintenance.tend();
  expect(ring.current).toBe(1);
  time.now = 30 * day;
  await maintenance.tend();
  expect(ring.status.keys.map((key) => key.state).sort()).toEqual(['active', 'retired', 'root']);
  time.now += hour - 1;
  await maintenance.tend();
  expect(ring.openingKey(1)).toBeDefined();
  time.now += 1;
  await maintenance.tend();
  expect(ring.openingKey(1)).toBeUndefined();
});

test('a row written with the old key after the walk is found before the key goes', async () => {
  const { time, ring, seal, table, maintenance } = await prepare(1);
  using secret = SecretBytes.take(new TextEncoder().encode('late'));
  const late = seal.seal(secret, contextOf(2));
  await maintenance.rotate();
  table.rows.set(2, { id: 2, context: contextOf(2), sealed: late });
  time.now += hour;
  await maintenance.tend();
  expect(ring.openingKey(1)).toBeUndefined();
  const row = table.rows.get(2);
  expect(row && new TextDecoder().decode(seal.open(row.sealed, row.context).bytes)).toBe('late');
});

test('a row that does not open keeps its key and hinders nothing else', async () => {
  const { time, ring, table, maintenance } = await prepare(3);
  const row = table.rows.get(2);
  if (row !== undefined) table.rows.set(2, { ...row, context: contextOf(99) });
  expect(await maintenance.rotate()).toMatchObject({ resealed: 2 });
  time.now += 2 * hour;
  await maintenance.tend();
  expect(ring.openingKey(1)).toBeDefined();
  table.rows.delete(2);
  await maintenance.tend();
  expect(ring.openingKey(1)).toBeUndefined();
});

test('it tends at start and every hour until it is stopped', async () => {
  const { time, scheduled, ring, maintenance } = await prepare(0);
  maintenance.start();
  maintenance.start();
  expect(scheduled).toHaveLength(1);
  time.now = 31 * day;
  scheduled.shift()?.run();
  await maintenance.stop();
  expect(ring.current).toBe(2);
  expect(scheduled).toHaveLength(0);
});
