import { setImmediate as nextTurn } from 'node:timers/promises';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { type Ending, WriteQueue } from '#store/write-queue.ts';

/** What each transaction wrote. */
let transactions: string[][];
/** Milliseconds that the disk takes. */
let diskTime: number;
let failure: Error | undefined;
let queue: WriteQueue;
let texts: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  transactions = [];
  diskTime = 0;
  failure = undefined;
  queue = new WriteQueue((writes, isRepeatable) => {
    texts = isRepeatable ? ['unsynced'] : [];
    const endings: Ending[] = [];
    for (const write of writes) endings.push({ value: write() });
    vi.advanceTimersByTime(diskTime);
    if (failure !== undefined) throw failure;
    transactions.push(texts);
    return endings;
  });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A write that takes `ms`. */
const write =
  (text: string, ms = 0) =>
  (): string => {
    vi.advanceTimersByTime(ms);
    texts.push(text);
    return text;
  };

test('on an idle disk a write at leisure waits for nothing', async () => {
  expect(await queue.addAtLeisure(write('a'))).toBe('a');
});

test('after a transaction writes at leisure gather until the disk has rested, and then share one', async () => {
  diskTime = 5;
  await queue.add(write('a'));
  const gathered = [queue.addAtLeisure(write('b')), queue.addAtLeisure(write('c'))];
  vi.advanceTimersByTime(19);
  await nextTurn();
  expect(transactions).toEqual([['a']]);
  vi.advanceTimersByTime(1);
  await Promise.all(gathered);
  expect(transactions).toEqual([['a'], ['b', 'c']]);
});

test('a write that somebody waits for takes along what gathers before it', async () => {
  diskTime = 5;
  await queue.add(write('a'));
  const gathered = queue.addAtLeisure(write('b'));
  await queue.add(write('c'));
  await gathered;
  expect(transactions).toEqual([['a'], ['b', 'c']]);
});

test('a write at leisure waits for 25 milliseconds at most, however slow the disk is', async () => {
  diskTime = 1000;
  await queue.add(write('a'));
  const gathered = queue.addAtLeisure(write('b'));
  vi.advanceTimersByTime(25);
  await gathered;
  expect(transactions).toEqual([['a'], ['b']]);
});

test('a transaction that has worked long enough leaves the rest to the next, in order', async () => {
  const works = [write('a'), write('b', 9), write('c')];
  await Promise.all(works.map((work) => queue.add(work)));
  expect(transactions).toEqual([['a', 'b'], ['c']]);
});

test('a slow disk gets longer transactions', async () => {
  diskTime = 12;
  await queue.add(write('a'));
  await Promise.all(['b', 'c', 'd', 'e'].map((text) => queue.add(write(text, 3))));
  expect(transactions).toEqual([['a'], ['b', 'c', 'd', 'e']]);
});

test('a transaction that fails rejects its own writes and no others', async () => {
  failure = new Error('The disk is full');
  const works = [write('a'), write('b', 9), write('c')];
  const endings = Promise.allSettled(works.map((work) => queue.add(work)));
  await nextTurn();
  failure = undefined;
  expect((await endings).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(transactions).toEqual([['c']]);
});

test('where no transaction begins, nobody is left waiting', async () => {
  queue = new WriteQueue(() => {
    throw new Error('The disk is full');
  });
  const endings = await Promise.allSettled(['a', 'b'].map((text) => queue.add(write(text))));
  expect(endings.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('nothing is written while the queue is held, and all of it afterwards', async () => {
  queue.hold();
  const written = queue.add(write('a'));
  await nextTurn();
  expect(transactions).toEqual([]);
  queue.release();
  await written;
  expect(transactions).toEqual([['a']]);
});

test('draining writes everything at once, also what gathers', async () => {
  diskTime = 5;
  await queue.add(write('a'));
  const gathered = queue.addAtLeisure(write('b'));
  queue.drain();
  expect(transactions).toEqual([['a'], ['b']]);
  await gathered;
});

test('a repeatable write waits for the disk only where another one does', async () => {
  await queue.addRepeatable(write('a'));
  const both = [queue.addRepeatable(write('b')), queue.add(write('c'))];
  await Promise.all(both);
  expect(transactions).toEqual([
    ['unsynced', 'a'],
    ['b', 'c'],
  ]);
});
