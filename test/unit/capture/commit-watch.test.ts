import { afterEach, beforeEach, expect, test } from 'vitest';

import type { HeldRow } from '#capture/capture-queue.ts';
import { CommitWatch, type HeldEnding } from '#capture/commit-watch.ts';

import { type CaptureWorld, createCaptureWorld } from './capture-world.ts';
import { settle } from './moved-clock.ts';

let world: CaptureWorld;
let watch: CommitWatch;
let endings: [account: string, sequence: number, ending: HeldEnding][];
let settleRow: (row: HeldRow, ending: HeldEnding) => Promise<void>;

beforeEach(async () => {
  world = await createCaptureWorld();
  endings = [];
  settleRow = async (row, ending) => {
    endings.push([row.hookAccount, row.sequence, ending]);
  };
  watch = new CommitWatch({
    reader: world.domain,
    clock: world.clock,
    holdTime: 30_000,
    settle: (row, ending) => settleRow(row, ending),
    report: () => undefined,
  });
});
afterEach(async () => {
  watch.stop();
  await world.close();
});

/** What the service does while the hook waits. */
async function capture(account: string): Promise<HeldRow> {
  const baseline = await watch.readBaseline(account);
  const row = await world.hold(account, 'Secret-1', baseline);
  watch.add(row);
  return row;
}

test('a change is committed once the version has moved on here', async () => {
  world.domain.put('jdoe', 4, 0);
  const row = await capture('jdoe');
  await world.clock.move(20);
  expect(endings).toEqual([]);
  world.domain.put('jdoe', 5, world.clock.now());
  await world.clock.move(10);
  expect(endings).toEqual([['jdoe', row.sequence, 'committed']]);
  expect(watch.size).toBe(0);
});

test('a new account is committed when it appears', async () => {
  await capture('new');
  await world.clock.move(20);
  world.domain.put('new', 2, world.clock.now());
  await world.clock.move(20);
  expect(endings.map(([, , ending]) => ending)).toEqual(['committed']);
});

test('a change that the directory never shows was refused when its time is over, not before', async () => {
  world.domain.put('jdoe', 4, 0);
  await capture('jdoe');
  await world.clock.move(29_000);
  expect(endings).toEqual([]);
  await world.clock.move(2_000);
  expect(endings.map(([, , ending]) => ending)).toEqual(['refused']);
});

test('the next hook of the account shows that the one before was refused', async () => {
  world.domain.put('jdoe', 4, 0);
  await capture('jdoe');
  await capture('jdoe');
  await settle();
  expect(endings.map(([, , ending]) => ending)).toEqual(['refused']);
  world.domain.put('jdoe', 5, world.clock.now());
  await world.clock.move(10);
  expect(endings.map(([, , ending]) => ending)).toEqual(['refused', 'committed']);
});

test('the next hook of the account shows that the one before was committed', async () => {
  world.domain.put('jdoe', 4, 0);
  const first = await capture('jdoe');
  world.domain.put('jdoe', 5, world.clock.now());
  const second = await capture('jdoe');
  world.domain.put('jdoe', 6, world.clock.now());
  await world.clock.move(10);
  expect(endings).toEqual([
    ['jdoe', first.sequence, 'committed'],
    ['jdoe', second.sequence, 'committed'],
  ]);
});

test('a version set by another domain controller does not commit a change of this one', async () => {
  world.domain.put('jdoe', 4, 0);
  await capture('jdoe');
  const password = { version: 5, isLocal: false, at: world.clock.now() };
  world.domain.put('jdoe', 5, world.clock.now(), { password });
  await world.clock.move(10);
  expect(endings.map(([, , ending]) => ending)).toEqual(['lost']);
});

test('a version that moved by two belongs to a later change', async () => {
  world.domain.put('jdoe', 4, 0);
  await capture('jdoe');
  world.domain.put('jdoe', 6, world.clock.now());
  await world.clock.move(10);
  expect(endings.map(([, , ending]) => ending)).toEqual(['lost']);
});

test('after a stop, a version that was set long after the hook does not commit the change', async () => {
  const row = await world.hold('jdoe', 'Secret-1', { kind: 'exact', version: 4 });
  await world.clock.move(3_600_000);
  world.domain.put('jdoe', 5, world.clock.now());
  watch.add(row);
  await world.clock.move(10);
  expect(endings.map(([, , ending]) => ending)).toEqual(['lost']);
});

test('after a stop, a version that was set within the hold time commits the change', async () => {
  const row = await world.hold('jdoe', 'Secret-1', { kind: 'exact', version: 4 });
  world.domain.put('jdoe', 5, world.clock.now() + 200);
  await world.clock.move(3_600_000);
  watch.add(row);
  await world.clock.move(10);
  expect(endings.map(([, , ending]) => ending)).toEqual(['committed']);
});

test('while the directory is away nothing is decided, and everything once it is back', async () => {
  world.domain.put('jdoe', 4, 0);
  await capture('jdoe');
  world.domain.down = true;
  await world.clock.move(120_000);
  expect(endings).toEqual([]);
  world.domain.put('jdoe', 5, world.clock.now() - 119_000);
  world.domain.down = false;
  await world.clock.move(2_000);
  expect(endings.map(([, , ending]) => ending)).toEqual(['committed']);
});

test('without a look inside the transaction, a version known before does not commit the change', async () => {
  world.domain.put('jdoe', 4, 0);
  await capture('jdoe');
  world.domain.put('jdoe', 5, world.clock.now());
  await world.clock.move(10);
  world.domain.down = true;
  await capture('jdoe');
  world.domain.down = false;
  await world.clock.move(29_000);
  expect(endings.map(([, , ending]) => ending)).toEqual(['committed']);
  await world.clock.move(2_000);
  expect(endings.map(([, , ending]) => ending)).toEqual(['committed', 'refused']);
});

test('without a look inside the transaction, a version set at that moment commits the change', async () => {
  world.domain.down = true;
  await capture('jdoe');
  world.domain.down = false;
  world.domain.put('jdoe', 9, world.clock.now());
  await world.clock.move(10);
  expect(endings.map(([, , ending]) => ending)).toEqual(['committed']);
});

test('changes of one account settle in their order, even when the first needs several tries', async () => {
  world.domain.put('jdoe', 4, 0);
  let failures = 3;
  const settleWell = settleRow;
  settleRow = async (row, ending) => {
    if (row.sequence === 1 && failures > 0) {
      failures -= 1;
      throw new Error('the groups could not be read');
    }
    await settleWell(row, ending);
  };
  await capture('jdoe');
  world.domain.put('jdoe', 5, world.clock.now());
  await capture('jdoe');
  world.domain.put('jdoe', 6, world.clock.now());
  await world.clock.move(10_000);
  expect(endings.map(([, sequence]) => sequence)).toEqual([1, 2]);
});

/** Two changes of one account, the second without a look inside its transaction, and nothing decided between. */
async function captureTwo(): Promise<{ readonly first: HeldRow; readonly second: HeldRow }> {
  world.domain.put('jdoe', 4, 0);
  const first = await capture('jdoe');
  world.domain.down = true;
  await world.clock.move(300);
  const second = await capture('jdoe');
  return { first, second };
}

/** The directory answers again, and shows a password that was taken in hand at this moment. */
function show(version: number, setAt: number): void {
  world.domain.put('jdoe', version, setAt);
  world.domain.down = false;
}

test('of two undecided changes both of which were committed, the newer travels', async () => {
  const { first, second } = await captureTwo();
  show(6, second.capturedAt - 2);
  await world.clock.move(2_000);
  expect(endings).toEqual([
    ['jdoe', first.sequence, 'lost'],
    ['jdoe', second.sequence, 'committed'],
  ]);
});

test('of two undecided changes the first of which alone was committed, that one travels', async () => {
  const { first, second } = await captureTwo();
  show(5, first.capturedAt - 2);
  await world.clock.move(2_000);
  expect(endings).toEqual([['jdoe', first.sequence, 'committed']]);
  await world.clock.move(30_000);
  expect(endings.slice(1)).toEqual([['jdoe', second.sequence, 'refused']]);
});

test('of two undecided changes the second of which alone was committed, that one travels', async () => {
  const { first, second } = await captureTwo();
  show(5, second.capturedAt - 2);
  await world.clock.move(2_000);
  expect(endings).toEqual([
    ['jdoe', first.sequence, 'lost'],
    ['jdoe', second.sequence, 'committed'],
  ]);
});

test('after the first of two was seen, the second is committed by its own version', async () => {
  const { first, second } = await captureTwo();
  show(5, first.capturedAt - 2);
  await world.clock.move(2_000);
  world.domain.put('jdoe', 6, second.capturedAt - 2);
  await world.clock.move(2_000);
  expect(endings.map(([, sequence, ending]) => [sequence, ending])).toEqual([
    [first.sequence, 'committed'],
    [second.sequence, 'committed'],
  ]);
});

test('where the time cannot tell two undecided changes apart, none of them travels', async () => {
  await captureTwo();
  show(5, 0);
  const password = { version: 5, isLocal: true, at: Math.floor(world.clock.now() / 1000) * 1000 };
  world.domain.put('jdoe', 5, 0, { password });
  await world.clock.move(40_000);
  expect(endings.map(([, , ending]) => ending)).toEqual(['lost', 'lost']);
});

test('the next look inside a transaction decides all that were undecided', async () => {
  const { first } = await captureTwo();
  show(5, first.capturedAt - 2);
  await watch.readBaseline('jdoe');
  await settle();
  expect(endings.map(([, , ending]) => ending)).toEqual(['committed', 'refused']);
});
